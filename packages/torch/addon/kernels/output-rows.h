// What one thread does with a few rows of the output layer: logits, losses, gradient of its input.
#pragma once

#include <algorithm>

#include "kernel.h"
#include "math.h"
#include "small-gemm.h"
#include "softmax-row.h"

namespace lucie {

// Rows (or ids) that one thread takes at a time, and how far its products go at once in the other two directions: the
// operands of each stay in the first two cache levels.
inline constexpr int64_t kTask = 32, kProductWidth = 128, kDepth = 256;

// The weight [V, D] as panels of so many ids: within a panel [D, ids], so that a product of it runs through memory in
// order, and its end is filled with zeros.
template <typename T>
inline constexpr int64_t kPanel = 2 * kLanes<T>;

template <typename T>
inline at::Tensor packPanels(const at::Tensor& weight) {
  const int64_t ids = weight.size(0), width = weight.size(1), panels = (ids + kPanel<T> - 1) / kPanel<T>;
  at::Tensor packed = at::empty({panels, width, kPanel<T>}, weight.options());
  const T* from = weight.const_data_ptr<T>();
  T* to = packed.mutable_data_ptr<T>();
  forRows(panels, width * kPanel<T>, [&](int64_t begin, int64_t end) {
    for (int64_t panel = begin; panel < end; panel++)
      for (int64_t i = 0; i < kPanel<T>; i++) {
        const int64_t id = panel * kPanel<T> + i;
        for (int64_t d = 0; d < width; d++)
          to[(panel * width + d) * kPanel<T> + i] = id < ids ? from[id * width + d] : T(0);
      }
  });
  return packed;
}

// The weight as it is, [ids, width], and in panels.
template <typename T>
struct OutputWeight {
  const T *rows, *panels;
  int64_t ids, width;
};

// z [count, ids] = x · Wᵀ for x [count, width]; rows of z lie `zRow` apart.
template <typename T>
void logitRows(const OutputWeight<T>& weight, const T* x, int64_t count, T* z, int64_t zRow) {
  const int64_t width = weight.width;
  for (int64_t id = 0; id < weight.ids; id += kPanel<T>)
    smallGemm<T>(count, kPanel<T>, width, {x, width, 1}, weight.panels + id * width, kPanel<T>, z + id, zRow, false);
}

// Cross-entropy of one row of logits, which become e^(logit - max); returns their sum.
template <typename T>
T lossRow(T* row, int64_t ids, int64_t target, T& loss) {
  const T atTarget = row[target];
  T sum;
  const T most = softmaxRow(row, ids, T(1), sum);
  loss = most + std::log(sum) - atTarget;
  return sum;
}

template <typename T>
struct SoftmaxRows {
  const T* sums;
  const int64_t* targets;
  T scale;
  int64_t count;
};

// grad [count, width] = scale * (z·W / sum - W[target]): the mean of the weight's rows by probability, less the right
// one. Long sums are taken in parts, and the one large term at the end, for the sake of rounding.
template <typename T>
void gradientRows(const OutputWeight<T>& weight, const T* z, int64_t zRow, const SoftmaxRows<T>& rows, T* grad) {
  const int64_t width = weight.width;
  T part[kTask * kProductWidth];
  for (int64_t d = 0; d < width; d += kProductWidth) {
    const int64_t wide = std::min(kProductWidth, width - d);
    for (int64_t id = 0; id < weight.ids; id += kDepth) {
      const T* some = weight.rows + id * width + d;
      smallGemm<T>(rows.count, wide, std::min(kDepth, weight.ids - id), {z + id, zRow, 1}, some, width, part, kProductWidth,
                   false);
      for (int64_t r = 0; r < rows.count; r++)
        for (int64_t i = 0; i < wide; i++) {
          T& total = grad[r * width + d + i];
          total = id > 0 ? total + part[r * kProductWidth + i] : part[r * kProductWidth + i];
        }
    }
    for (int64_t r = 0; r < rows.count; r++)
      for (int64_t i = 0; i < wide; i++) {
        T& total = grad[r * width + d + i];
        total = rows.scale * (total / rows.sums[r] - weight.rows[rows.targets[r] * width + d + i]);
      }
  }
}

}  // namespace lucie
