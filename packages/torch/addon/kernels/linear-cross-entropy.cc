// The output layer and its loss together: cross-entropy of softmax(x·Wᵀ) without ever holding all logits, which at
// 4,096 tokens and as many ids would be 64 MB several times over. Rows go through in blocks; the gradients of both
// inputs are computed on the way, while a block's logits are still in the cache, as in Liger Kernel
// (https://arxiv.org/abs/2410.10989).
#include <ATen/ops/index_select.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/zeros_like.h>

#include "kernel.h"
#include "math.h"

namespace lucie {

namespace {

// Elements of a block of logits: 4 MB of float32, which stays in the second and third level caches.
constexpr int64_t kBlockElements = int64_t{1} << 20;

struct Inputs {
  at::Tensor x, weight, targets;
};

Inputs prepare(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& targets) {
  checkFloating("x", x);
  checkSame("weight", weight, x);
  TORCH_CHECK(x.dim() >= 1 && weight.dim() == 2 && weight.size(1) == x.size(-1), "weight has shape ", weight.sizes(),
              ", x has ", x.sizes());
  TORCH_CHECK(targets.scalar_type() == at::kLong, "targets is ", targets.scalar_type(), ", not int64");
  TORCH_CHECK(targets.sizes() == x.sizes().slice(0, x.dim() - 1), "targets has shape ", targets.sizes(), ", x has ",
              x.sizes());
  return {x.reshape({-1, x.size(-1)}).contiguous(), weight.contiguous(), targets.reshape({-1}).contiguous()};
}

void checkTargets(const at::Tensor& targets, int64_t ids, int64_t ignore) {
  const auto* target = targets.const_data_ptr<int64_t>();
  for (int64_t i = 0; i < targets.numel(); i++)
    TORCH_CHECK_INDEX(target[i] == ignore || (target[i] >= 0 && target[i] < ids), "targets holds ", target[i],
                      ", not an id below ", ids);
}

// Cross-entropy of each row of `logits`; with `scale` above 0 the logits are replaced by their gradient times `scale`.
template <typename T>
void lossRows(T* logits, int64_t rows, int64_t ids, const int64_t* targets, T* losses, T scale) {
  forRows(rows, ids, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      T* z = logits + row * ids;
      T most = -std::numeric_limits<T>::infinity();
#pragma omp simd reduction(max : most)
      for (int64_t i = 0; i < ids; i++) most = z[i] > most ? z[i] : most;
      const T atTarget = z[targets[row]];
      T sum = 0;
#pragma omp simd reduction(+ : sum)
      for (int64_t i = 0; i < ids; i++) {
        const T e = exponential(z[i] - most);
        z[i] = e;
        sum += e;
      }
      losses[row] = most + std::log(sum) - atTarget;
      if (scale > 0) {
        const T factor = scale / sum;
#pragma omp simd
        for (int64_t i = 0; i < ids; i++) z[i] *= factor;
        z[targets[row]] -= scale;
      }
    }
  });
}

struct Result {
  at::Tensor losses, gradX, gradWeight;
};

// `x` [N, D], `weight` [V, D], every target an id. `scale` 0: losses alone.
Result blockwise(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& targets, double scale, bool needX,
                 bool needWeight) {
  const int64_t rows = x.size(0), ids = weight.size(0);
  const int64_t perBlock = std::clamp<int64_t>(kBlockElements / std::max<int64_t>(1, ids), 16, std::max<int64_t>(16, rows));
  Result result{at::empty({rows}, x.options()), {}, {}};
  if (needX) result.gradX = at::empty_like(x);
  if (needWeight) result.gradWeight = at::empty_like(weight);
  if (needWeight && rows == 0) result.gradWeight.zero_();
  const auto buffer = at::empty({std::min(rows, perBlock), ids}, x.options());
  for (int64_t begin = 0; begin < rows; begin += perBlock) {
    const int64_t count = std::min(perBlock, rows - begin);
    const auto block = x.narrow(0, begin, count);
    auto logits = buffer.narrow(0, 0, count);
    at::mm_out(logits, block, weight.t());
    forType(x, [&](auto zero) {
      using scalar_t = decltype(zero);
      lossRows<scalar_t>(logits.mutable_data_ptr<scalar_t>(), count, ids, targets.const_data_ptr<int64_t>() + begin,
                         result.losses.mutable_data_ptr<scalar_t>() + begin, static_cast<scalar_t>(scale));
    });
    if (needX) {
      auto gradBlock = result.gradX.narrow(0, begin, count);
      at::mm_out(gradBlock, logits, weight);
    }
    if (needWeight) {
      if (begin == 0) at::mm_out(result.gradWeight, logits.t(), block);
      else result.gradWeight.addmm_(logits.t(), block);
    }
  }
  return result;
}

// The mean over targets that are not `ignore`, and the gradients for a loss gradient of 1.
Result meanLoss(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& targets, int64_t ignore, bool needX,
                bool needWeight) {
  const auto in = prepare(x, weight, targets);
  checkTargets(in.targets, in.weight.size(0), ignore);
  const auto kept = at::nonzero(in.targets.ne(at::Scalar(ignore))).view({-1});
  const bool all = kept.numel() == in.targets.numel();
  const double scale = needX || needWeight ? 1.0 / std::max<int64_t>(1, kept.numel()) : 0.0;
  // Ignored rows cost nothing: in fine-tuning most of them are.
  auto result = blockwise(all ? in.x : in.x.index_select(0, kept), in.weight,
                          all ? in.targets : in.targets.index_select(0, kept), scale, needX, needWeight);
  if (needX && !all) result.gradX = at::zeros_like(in.x).index_copy_(0, kept, result.gradX);
  // As PyTorch's mean over nothing: NaN, never a silent 0.
  result.losses = result.losses.to(at::kDouble).mean().to(x.scalar_type());
  if (needX) result.gradX = result.gradX.view(x.sizes());
  return result;
}

at::Tensor linearCrossEntropy(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& targets, int64_t ignore) {
  return meanLoss(x, weight, targets, ignore, false, false).losses;
}

struct LinearCrossEntropy : torch::autograd::Function<LinearCrossEntropy> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& targets, int64_t ignore, bool needX, bool needWeight) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto result = meanLoss(x, weight, targets, ignore, needX, needWeight);
    ctx->save_for_backward({result.gradX, result.gradWeight});
    return result.losses;
  }
  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    auto saved = ctx->get_saved_variables();
    // The loss itself is nearly always where backward begins: then there is nothing to multiply by.
    const bool one = grads[0].item<double>() == 1.0;
    for (auto& grad : saved)
      if (grad.defined() && !one) grad = grad.mul(grads[0]);
    return {saved[0], saved[1], at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

at::Tensor linearCrossEntropyAutograd(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& targets,
                                      int64_t ignore) {
  const bool recording = c10::GradMode::is_enabled();
  return LinearCrossEntropy::apply(x, weight, targets, ignore, recording && x.requires_grad(),
                                   recording && weight.requires_grad());
}

// One loss per target, 0 where it is `ignore`; for judging, without gradients.
at::Tensor linearCrossEntropyRows(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& targets,
                                  int64_t ignore) {
  const auto in = prepare(x.detach(), weight.detach(), targets);
  checkTargets(in.targets, in.weight.size(0), ignore);
  const auto kept = at::nonzero(in.targets.ne(at::Scalar(ignore))).view({-1});
  const auto losses = blockwise(in.x.index_select(0, kept), in.weight, in.targets.index_select(0, kept), 0, false, false);
  return at::zeros({in.targets.numel()}, in.x.options()).index_copy_(0, kept, losses.losses).view(targets.sizes());
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(lucie, library) {
  library.def("linear_cross_entropy(Tensor x, Tensor weight, Tensor targets, int ignore_index=-100) -> Tensor");
  library.impl("linear_cross_entropy", c10::DispatchKey::CPU, TORCH_FN(linearCrossEntropy));
  library.impl("linear_cross_entropy", c10::DispatchKey::AutogradCPU, TORCH_FN(linearCrossEntropyAutograd));
  library.def("linear_cross_entropy_rows(Tensor x, Tensor weight, Tensor targets, int ignore_index=-100) -> Tensor");
  library.impl("linear_cross_entropy_rows", c10::DispatchKey::CPU, TORCH_FN(linearCrossEntropyRows));
  library.impl("linear_cross_entropy_rows", c10::DispatchKey::AutogradCPU, TORCH_FN(linearCrossEntropyRows));
}

}  // namespace lucie
