// RMSNorm (Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467), alone and with the residual addition before it.
// On the CPU libtorch's own is a chain of eight elementwise operators.
#include "kernel.h"

namespace lucie {

namespace {

struct Normed {
  at::Tensor out, sum, scale;
};

// out = s * scale * weight with s = x, or x + residual when that is given, and scale = 1 / sqrt(mean(s^2) + eps) per row.
Normed normalise(const at::Tensor& input, const at::Tensor* residualInput, const at::Tensor& weightInput, double eps) {
  checkFloating("x", input);
  checkSame("weight", weightInput, input);
  TORCH_CHECK(input.dim() >= 1 && weightInput.dim() == 1 && weightInput.size(0) == input.size(-1), "weight has shape ",
              weightInput.sizes(), ", x has ", input.sizes());
  const auto x = input.contiguous(), weight = weightInput.contiguous();
  const int64_t width = x.size(-1), rows = width ? x.numel() / width : 0;
  at::Tensor residual;
  if (residualInput) {
    checkSame("residual", *residualInput, x);
    TORCH_CHECK(residualInput->sizes() == x.sizes(), "residual has shape ", residualInput->sizes(), ", x has ", x.sizes());
    residual = residualInput->contiguous();
  }
  Normed result{at::empty_like(x), residualInput ? at::empty_like(x) : x, at::empty({rows}, x.options())};
  forType(x, [&](auto zero) {
    using scalar_t = decltype(zero);
    const auto* from = x.const_data_ptr<scalar_t>();
    const auto* other = residualInput ? residual.const_data_ptr<scalar_t>() : nullptr;
    const auto* w = weight.const_data_ptr<scalar_t>();
    auto* out = result.out.mutable_data_ptr<scalar_t>();
    auto* sums = residualInput ? result.sum.mutable_data_ptr<scalar_t>() : nullptr;
    auto* scales = result.scale.mutable_data_ptr<scalar_t>();
    forRows(rows, width, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const auto* s = from + row * width;
        if (other) {
          const auto *a = s, *b = other + row * width;
          auto* sum = sums + row * width;
#pragma omp simd
          for (int64_t i = 0; i < width; i++) sum[i] = a[i] + b[i];
          s = sum;
        }
        scalar_t squares = 0;
#pragma omp simd reduction(+ : squares)
        for (int64_t i = 0; i < width; i++) squares += s[i] * s[i];
        const auto scale = scalar_t(1) / std::sqrt(squares / width + static_cast<scalar_t>(eps));
        scales[row] = scale;
        auto* o = out + row * width;
#pragma omp simd
        for (int64_t i = 0; i < width; i++) o[i] = s[i] * scale * w[i];
      }
    });
  });
  return result;
}

// Sums over rows are taken in this many fixed stretches, so that they do not depend on the number of threads.
constexpr int64_t kStretches = 64;

// With n = s * scale: d s = scale * (g - n * mean(g * n)), g = grad * weight; d weight = sum over rows of grad * n.
// `gradSum`, when defined, is added to d s.
std::pair<at::Tensor, at::Tensor> normaliseBackward(const at::Tensor& gradInput, const at::Tensor& gradSumInput,
                                                    const at::Tensor& sum, const at::Tensor& scale,
                                                    const at::Tensor& weightInput) {
  const auto grad = gradInput.contiguous(), weight = weightInput.contiguous();
  const auto gradSum = gradSumInput.defined() ? gradSumInput.contiguous() : at::Tensor();
  const int64_t width = sum.size(-1), rows = scale.numel();
  auto gradIn = at::empty_like(sum), gradWeight = at::empty_like(weight);
  auto partial = at::zeros({kStretches, width}, weight.options());
  forType(sum, [&](auto zero) {
    using scalar_t = decltype(zero);
    const auto* d = grad.const_data_ptr<scalar_t>();
    const auto* more = gradSum.defined() ? gradSum.const_data_ptr<scalar_t>() : nullptr;
    const auto* s = sum.const_data_ptr<scalar_t>();
    const auto* scales = scale.const_data_ptr<scalar_t>();
    const auto* w = weight.const_data_ptr<scalar_t>();
    auto* out = gradIn.mutable_data_ptr<scalar_t>();
    auto* partials = partial.mutable_data_ptr<scalar_t>();
    const int64_t perStretch = (rows + kStretches - 1) / kStretches;
    forRows(kStretches, perStretch * width, [&](int64_t begin, int64_t end) {
      for (int64_t stretch = begin; stretch < end; stretch++) {
        auto* weightSum = partials + stretch * width;
        for (int64_t row = stretch * perStretch; row < std::min(rows, (stretch + 1) * perStretch); row++) {
          const auto *dr = d + row * width, *sr = s + row * width;
          auto* o = out + row * width;
          const auto sc = scales[row];
          scalar_t dot = 0;
#pragma omp simd reduction(+ : dot)
          for (int64_t i = 0; i < width; i++) dot += dr[i] * w[i] * sr[i];
          const auto pull = dot * sc * sc * sc / width;
#pragma omp simd
          for (int64_t i = 0; i < width; i++) {
            o[i] = dr[i] * w[i] * sc - sr[i] * pull;
            weightSum[i] += dr[i] * sr[i] * sc;
          }
          if (more) {
            const auto* m = more + row * width;
#pragma omp simd
            for (int64_t i = 0; i < width; i++) o[i] += m[i];
          }
        }
      }
    });
    auto* total = gradWeight.mutable_data_ptr<scalar_t>();
    for (int64_t i = 0; i < width; i++) total[i] = 0;
    for (int64_t stretch = 0; stretch < kStretches; stretch++)
      for (int64_t i = 0; i < width; i++) total[i] += partials[stretch * width + i];
  });
  return {gradIn, gradWeight};
}

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps) {
  return normalise(x, nullptr, weight, eps).out;
}

std::tuple<at::Tensor, at::Tensor> addRmsNorm(const at::Tensor& x, const at::Tensor& residual, const at::Tensor& weight,
                                              double eps) {
  auto result = normalise(x, &residual, weight, eps);
  return {result.out, result.sum};
}

struct RmsNorm : torch::autograd::Function<RmsNorm> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& weight, double eps) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto result = normalise(x, nullptr, weight, eps);
    ctx->save_for_backward({result.sum, result.scale, weight});
    return result.out;
  }
  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    auto [gradIn, gradWeight] = normaliseBackward(grads[0], at::Tensor(), saved[0], saved[1], saved[2]);
    return {gradIn, gradWeight, at::Tensor()};
  }
};

struct AddRmsNorm : torch::autograd::Function<AddRmsNorm> {
  static variable_list forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& residual,
                               const at::Tensor& weight, double eps) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto result = normalise(x, &residual, weight, eps);
    ctx->save_for_backward({result.sum, result.scale, weight});
    ctx->set_materialize_grads(false);
    return {result.out, result.sum};
  }
  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    if (!grads[0].defined()) return {grads[1], grads[1], at::Tensor(), at::Tensor()};
    const auto saved = ctx->get_saved_variables();
    auto [gradIn, gradWeight] = normaliseBackward(grads[0], grads[1], saved[0], saved[1], saved[2]);
    return {gradIn, gradIn, gradWeight, at::Tensor()};
  }
};

at::Tensor rmsNormAutograd(const at::Tensor& x, const at::Tensor& weight, double eps) {
  return RmsNorm::apply(x, weight, eps);
}

std::tuple<at::Tensor, at::Tensor> addRmsNormAutograd(const at::Tensor& x, const at::Tensor& residual,
                                                      const at::Tensor& weight, double eps) {
  const auto results = AddRmsNorm::apply(x, residual, weight, eps);
  return {results[0], results[1]};
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(lucie, library) {
  library.def("rms_norm(Tensor x, Tensor weight, float eps) -> Tensor");
  library.impl("rms_norm", c10::DispatchKey::CPU, TORCH_FN(rmsNorm));
  library.impl("rms_norm", c10::DispatchKey::AutogradCPU, TORCH_FN(rmsNormAutograd));
  // (rms_norm(x + residual), x + residual)
  library.def("add_rms_norm(Tensor x, Tensor residual, Tensor weight, float eps) -> (Tensor, Tensor)");
  library.impl("add_rms_norm", c10::DispatchKey::CPU, TORCH_FN(addRmsNorm));
  library.impl("add_rms_norm", c10::DispatchKey::AutogradCPU, TORCH_FN(addRmsNormAutograd));
}

}  // namespace lucie
