// Rotary position embedding (Su et al. 2021, https://arxiv.org/abs/2104.09864) in Hugging Face's layout: feature i of a
// head turns together with feature i + D/2.
#include "kernel.h"

namespace lucie {

namespace {

// x [B, T, H, D] by the angles whose cosines and sines are given per position, [>= T, D/2]; `sign` -1 turns back.
at::Tensor rotate(const at::Tensor& input, const at::Tensor& cosines, const at::Tensor& sines, int sign) {
  const auto x = input.contiguous(), cos = cosines.contiguous(), sin = sines.contiguous();
  auto out = at::empty_like(x);
  const int64_t length = x.size(1), heads = x.size(2), half = x.size(3) / 2;
  forType(x, [&](auto zero) {
    using scalar_t = decltype(zero);
    const auto* from = x.const_data_ptr<scalar_t>();
    const auto* c = cos.const_data_ptr<scalar_t>();
    const auto* s = sin.const_data_ptr<scalar_t>();
    auto* to = out.mutable_data_ptr<scalar_t>();
    forRows(x.size(0) * length, heads * half * 2, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const auto* rowCos = c + row % length * half;
        const auto* rowSin = s + row % length * half;
        for (int64_t head = 0; head < heads; head++) {
          const auto at = (row * heads + head) * half * 2;
          const auto *first = from + at, *second = first + half;
          auto *outFirst = to + at, *outSecond = outFirst + half;
#pragma omp simd
          for (int64_t i = 0; i < half; i++) {
            const auto turn = sign * rowSin[i];
            outFirst[i] = first[i] * rowCos[i] - second[i] * turn;
            outSecond[i] = second[i] * rowCos[i] + first[i] * turn;
          }
        }
      }
    });
  });
  return out;
}

void checkRope(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
  checkFloating("x", x);
  checkSame("cos", cos, x);
  checkSame("sin", sin, x);
  TORCH_CHECK(x.dim() == 4 && x.size(3) % 2 == 0, "x has shape ", x.sizes(), ", not [B, T, H, D] with an even D");
  TORCH_CHECK(cos.dim() == 2 && cos.size(0) >= x.size(1) && cos.size(1) == x.size(3) / 2, "cos has shape ", cos.sizes(),
              ", not [", x.size(1), " or more, ", x.size(3) / 2, "]");
  TORCH_CHECK(sin.sizes() == cos.sizes(), "sin has shape ", sin.sizes(), ", cos has ", cos.sizes());
}

at::Tensor rope(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
  checkRope(x, cos, sin);
  return rotate(x, cos, sin, 1);
}

struct Rope : torch::autograd::Function<Rope> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
    at::AutoDispatchBelowADInplaceOrView below;
    ctx->save_for_backward({cos, sin});
    return rope(x, cos, sin);
  }
  // A rotation's transpose is the rotation back.
  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    return {rotate(grads[0], saved[0], saved[1], -1), at::Tensor(), at::Tensor()};
  }
};

at::Tensor ropeAutograd(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
  return Rope::apply(x, cos, sin);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(lucie, library) {
  library.def("rope(Tensor x, Tensor cos, Tensor sin) -> Tensor");
  library.impl("rope", c10::DispatchKey::CPU, TORCH_FN(rope));
  library.impl("rope", c10::DispatchKey::AutogradCPU, TORCH_FN(ropeAutograd));
}

}  // namespace lucie
