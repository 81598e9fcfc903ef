// Several projections of one input, x·Wᵀ for each W: as so many calls of linear, but their gradients with respect to x
// land in one tensor by the matrix product itself instead of by additions afterwards.
#include <ATen/ops/mm.h>

#include "kernel.h"

namespace lucie {

namespace {

at::Tensor flat(const at::Tensor& x) { return x.reshape({-1, x.size(-1)}); }

std::vector<at::Tensor> linears(const at::Tensor& x, at::TensorList weights) {
  TORCH_CHECK(x.dim() >= 1, "x has no dimension");
  const auto rows = flat(x);
  std::vector<at::Tensor> results;
  for (const auto& weight : weights) {
    TORCH_CHECK(weight.dim() == 2 && weight.size(1) == x.size(-1), "a weight has shape ", weight.sizes(), ", x has ",
                x.sizes());
    auto shape = x.sizes().vec();
    shape.back() = weight.size(0);
    results.push_back(at::mm(rows, weight.t()).view(shape));
  }
  return results;
}

struct Linears : torch::autograd::Function<Linears> {
  static variable_list forward(AutogradContext* ctx, const at::Tensor& x, at::TensorList weights) {
    at::AutoDispatchBelowADInplaceOrView below;
    variable_list saved{x};
    saved.insert(saved.end(), weights.begin(), weights.end());
    ctx->save_for_backward(saved);
    ctx->set_materialize_grads(false);
    return linears(x, weights);
  }
  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const auto rows = flat(saved[0]);
    at::Tensor gradX;
    variable_list result{at::Tensor()};
    for (size_t i = 0; i < grads.size(); i++) {
      result.emplace_back();
      if (!grads[i].defined()) continue;
      const auto grad = flat(grads[i]);
      if (ctx->needs_input_grad(0)) {
        if (gradX.defined()) gradX.addmm_(grad, saved[i + 1]);
        else gradX = at::mm(grad, saved[i + 1]);
      }
      if (ctx->needs_input_grad(i + 1)) result.back() = at::mm(grad.t(), rows);
    }
    if (gradX.defined()) result[0] = gradX.view(saved[0].sizes());
    return result;
  }
};

std::vector<at::Tensor> linearsAutograd(const at::Tensor& x, at::TensorList weights) {
  return Linears::apply(x, weights);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(lucie, library) {
  library.def("linears(Tensor x, Tensor[] weights) -> Tensor[]");
  library.impl("linears", c10::DispatchKey::CPU, TORCH_FN(linears));
  library.impl("linears", c10::DispatchKey::AutogradCPU, TORCH_FN(linearsAutograd));
}

}  // namespace lucie
