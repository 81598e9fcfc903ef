// SwiGLU (Shazeer 2020, https://arxiv.org/abs/2002.05202): silu(gate) * up, in one pass each way.
#include "kernel.h"
#include "math.h"

namespace lucie {

namespace {

at::Tensor swiglu(const at::Tensor& gateInput, const at::Tensor& upInput) {
  checkFloating("gate", gateInput);
  checkSame("up", upInput, gateInput);
  TORCH_CHECK(gateInput.sizes() == upInput.sizes(), "gate has shape ", gateInput.sizes(), ", up has ", upInput.sizes());
  const auto gate = gateInput.contiguous(), up = upInput.contiguous();
  auto out = at::empty_like(gate);
  forType(gate, [&](auto zero) {
    using scalar_t = decltype(zero);
    const auto* g = gate.const_data_ptr<scalar_t>();
    const auto* u = up.const_data_ptr<scalar_t>();
    auto* o = out.mutable_data_ptr<scalar_t>();
    forRows(gate.numel(), 1, [&](int64_t begin, int64_t end) {
      int64_t i = begin;
      for (; i + kLanes<scalar_t> <= end; i += kLanes<scalar_t>)
        vectorAt(o + i) = vectorAt(g + i) / (scalar_t(1) + exponential(-vectorAt(g + i))) * vectorAt(u + i);
      for (; i < end; i++) o[i] = g[i] / (scalar_t(1) + exponential(-g[i])) * u[i];
    });
  });
  return out;
}

// With s = sigmoid(gate): d gate = grad * up * s * (1 + gate * (1 - s)), d up = grad * gate * s.
std::pair<at::Tensor, at::Tensor> swigluBackward(const at::Tensor& gradInput, const at::Tensor& gateInput,
                                                 const at::Tensor& upInput) {
  const auto grad = gradInput.contiguous(), gate = gateInput.contiguous(), up = upInput.contiguous();
  auto gradGate = at::empty_like(gate), gradUp = at::empty_like(up);
  forType(gate, [&](auto zero) {
    using scalar_t = decltype(zero);
    const auto* d = grad.const_data_ptr<scalar_t>();
    const auto* g = gate.const_data_ptr<scalar_t>();
    const auto* u = up.const_data_ptr<scalar_t>();
    auto* dg = gradGate.mutable_data_ptr<scalar_t>();
    auto* du = gradUp.mutable_data_ptr<scalar_t>();
    forRows(gate.numel(), 1, [&](int64_t begin, int64_t end) {
      const auto at = [&](const auto& grad, const auto& gate, const auto& up, auto& toGate, auto& toUp) {
        const auto s = scalar_t(1) / (scalar_t(1) + exponential(-gate));
        toGate = grad * up * s * (scalar_t(1) + gate * (scalar_t(1) - s));
        toUp = grad * gate * s;
      };
      int64_t i = begin;
      for (; i + kLanes<scalar_t> <= end; i += kLanes<scalar_t>)
        at(vectorAt(d + i), vectorAt(g + i), vectorAt(u + i), vectorAt(dg + i), vectorAt(du + i));
      for (; i < end; i++) at(d[i], g[i], u[i], dg[i], du[i]);
    });
  });
  return {gradGate, gradUp};
}

struct SwiGlu : torch::autograd::Function<SwiGlu> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& gate, const at::Tensor& up) {
    at::AutoDispatchBelowADInplaceOrView below;
    ctx->save_for_backward({gate, up});
    return swiglu(gate, up);
  }
  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    auto [gradGate, gradUp] = swigluBackward(grads[0], saved[0], saved[1]);
    return {gradGate, gradUp};
  }
};

at::Tensor swigluAutograd(const at::Tensor& gate, const at::Tensor& up) { return SwiGlu::apply(gate, up); }

}  // namespace

TORCH_LIBRARY_FRAGMENT(lucie, library) {
  library.def("swiglu(Tensor gate, Tensor up) -> Tensor");
  library.impl("swiglu", c10::DispatchKey::CPU, TORCH_FN(swiglu));
  library.impl("swiglu", c10::DispatchKey::AutogradCPU, TORCH_FN(swigluAutograd));
}

}  // namespace lucie
