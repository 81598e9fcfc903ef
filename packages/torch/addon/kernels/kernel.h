// What every kernel here shares. Kernels take float32 (training) and float64 (gradient checks), on the CPU, split their
// work in a way that does not depend on timing, and never reduce across threads: one thread count, one result.
#pragma once

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <c10/util/Exception.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace lucie {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Runs `body(begin, end)` over [0, rows), in one stretch per thread, with at least about 16k elements in each.
template <typename Body>
void forRows(int64_t rows, int64_t elementsPerRow, const Body& body) {
  at::parallel_for(0, rows, std::max<int64_t>(1, 16384 / std::max<int64_t>(1, elementsPerRow)), body);
}

// Calls `body` with a zero of the tensor's type, float or double.
template <typename Body>
void forType(const at::Tensor& tensor, const Body& body) {
  if (tensor.scalar_type() == at::kFloat) body(0.0f);
  else body(0.0);
}

inline void checkFloating(const char* name, const at::Tensor& tensor) {
  TORCH_CHECK(tensor.is_cpu() && (tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kDouble), name,
              " is ", tensor.scalar_type(), " on ", tensor.device(), ", not float32 or float64 on the CPU");
}

inline void checkSame(const char* name, const at::Tensor& tensor, const at::Tensor& like) {
  TORCH_CHECK(tensor.scalar_type() == like.scalar_type(), name, " is ", tensor.scalar_type(), ", not ",
              like.scalar_type());
}

}  // namespace lucie
