// Gradients: which tensors want them, where they land, and the backward pass.
#include "autograd.h"

#include <c10/core/GradMode.h>

#include "handle.h"

namespace lucie {

namespace {

napi_value requiresGrad(const Arguments& a) {
  return fromBool(a.env, unwrapTensor(a.env, a[0], "tensor").requires_grad());
}

napi_value setRequiresGrad(const Arguments& a) {
  unwrapTensor(a.env, a[0], "tensor").set_requires_grad(toBool(a.env, a[1], "value"));
  return nothing(a.env);
}

napi_value grad(const Arguments& a) {
  const auto& tensor = unwrapTensor(a.env, a[0], "tensor");
  // Asking a non-leaf for its gradient prints a warning and gives nothing.
  if (!tensor.is_leaf() && !tensor.retains_grad()) return nothing(a.env);
  const auto& found = tensor.grad();
  return found.defined() ? wrapTensor(a.env, found) : nothing(a.env);
}

napi_value setGrad(const Arguments& a) {
  const auto& tensor = unwrapTensor(a.env, a[0], "tensor");
  if (isNothing(a.env, a[1])) {
    tensor.mutable_grad() = at::Tensor();
    return nothing(a.env);
  }
  const auto& value = unwrapTensor(a.env, a[1], "grad");
  if (value.sizes() != tensor.sizes() || value.scalar_type() != tensor.scalar_type())
    throw Failure("ARGUMENT_TYPE", "a gradient of another shape or type", "that of the tensor", "grad");
  tensor.mutable_grad() = value;
  return nothing(a.env);
}

napi_value backward(const Arguments& a) {
  const auto& tensor = unwrapTensor(a.env, a[0], "tensor");
  const auto gradient = isNothing(a.env, a[1]) ? at::Tensor() : unwrapTensor(a.env, a[1], "gradient");
  tensor.backward(gradient);
  return nothing(a.env);
}

// Returns what it was.
napi_value setGradMode(const Arguments& a) {
  const bool before = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(toBool(a.env, a[0], "enabled"));
  return fromBool(a.env, before);
}

}  // namespace

void addAutogradFunctions(napi_env env, napi_value exports) {
  addFunction(env, exports, "requiresGrad", requiresGrad);
  addFunction(env, exports, "setRequiresGrad", setRequiresGrad);
  addFunction(env, exports, "grad", grad);
  addFunction(env, exports, "setGrad", setGrad);
  addFunction(env, exports, "backward", backward);
  addFunction(env, exports, "setGradMode", setGradMode);
}

}  // namespace lucie
