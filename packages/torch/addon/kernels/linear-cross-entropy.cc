// The output layer and its loss together: cross-entropy of softmax(x·Wᵀ) without ever holding all logits, which at
// 4,096 tokens and as many ids would be 64 MB several times over. Rows go through in blocks; the gradients of both
// inputs are computed on the way, while a block's logits are still in the cache, as in Liger Kernel
// (https://arxiv.org/abs/2410.10989).
#include <ATen/ops/index_select.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/zeros_like.h>

#include "kernel.h"
#include "output-rows.h"

namespace lucie {

namespace {

// Elements of a block of logits: 4 MB of float32, which stays in the second and third level caches.
constexpr int64_t kBlockElements = int64_t{1} << 20;

struct Inputs {
  at::Tensor x, weight, targets;
  Inputs only(const at::Tensor& rows) const { return {x.index_select(0, rows), weight, targets.index_select(0, rows)}; }
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

struct Result {
  at::Tensor losses, gradX, gradWeight;
};

// Every target is an id; gradients are those of `scale` times the sum of the losses. Within a block of rows, first each
// thread takes rows: logits, losses, gradient of x. Then each takes ids: gradient of the weight. So nothing is summed
// across threads, and their number does not change a bit.
template <typename T>
Result blockwise(const Inputs& in, double scaleBy, bool needX, bool needWeight) {
  const int64_t rows = in.x.size(0), ids = in.weight.size(0), width = in.x.size(1);
  const int64_t perBlock = std::min(rows, std::clamp<int64_t>(kBlockElements / ids, 128, 512));
  const T scale = static_cast<T>(scaleBy);
  Result result{at::empty({rows}, in.x.options()), {}, {}};
  if (needX) result.gradX = at::empty_like(in.x);
  if (needWeight) result.gradWeight = at::zeros_like(in.weight);
  const at::Tensor panels = packPanels<T>(in.weight);
  const OutputWeight<T> weight{in.weight.const_data_ptr<T>(), panels.const_data_ptr<T>(), ids, width};
  // Rows of a power of two would compete for the same lines of the cache.
  const int64_t logitRow = panels.size(0) * kPanel<T> + kLanes<T>;
  at::Tensor logitBlock = at::empty({perBlock, logitRow}, in.x.options());
  at::Tensor scaledBlock = at::empty({perBlock, width}, in.x.options());
  const T* xData = in.x.const_data_ptr<T>();
  const int64_t* targets = in.targets.const_data_ptr<int64_t>();
  T* losses = result.losses.mutable_data_ptr<T>();
  T* gradX = needX ? result.gradX.mutable_data_ptr<T>() : nullptr;
  T* gradWeight = needWeight ? result.gradWeight.mutable_data_ptr<T>() : nullptr;
  T* logits = logitBlock.mutable_data_ptr<T>();
  T* scaled = scaledBlock.mutable_data_ptr<T>();
  for (int64_t first = 0; first < rows; first += perBlock) {
    const int64_t count = std::min(perBlock, rows - first);
    at::parallel_for(0, (count + kTask - 1) / kTask, 1, [&](int64_t begin, int64_t end) {
      for (int64_t at = begin * kTask; at < std::min(count, end * kTask); at += kTask) {
        const int64_t some = std::min(kTask, count - at);
        const T* x = xData + (first + at) * width;
        const int64_t* target = targets + first + at;
        T* z = logits + at * logitRow;
        T sums[kTask];
        logitRows(weight, x, some, z, logitRow);
        for (int64_t r = 0; r < some; r++) sums[r] = lossRow(z + r * logitRow, ids, target[r], losses[first + at + r]);
        if (needX) gradientRows(weight, z, logitRow, {sums, target, scale, some}, gradX + (first + at) * width);
        // The gradient of the logits is (z / sum - 1 at the target) * scale: what is common to a row goes into the
        // other factor of the weight's gradient.
        for (int64_t r = 0; needWeight && r < some; r++) {
          z[r * logitRow + target[r]] -= sums[r];
          for (int64_t d = 0; d < width; d++) scaled[(at + r) * width + d] = x[r * width + d] * (scale / sums[r]);
        }
      }
    });
    if (!needWeight) continue;
    at::parallel_for(0, (ids + kTask - 1) / kTask, 1, [&](int64_t begin, int64_t end) {
      for (int64_t id = begin * kTask; id < std::min(ids, end * kTask); id += kTask)
        smallGemm<T>(std::min(kTask, ids - id), width, count, {logits + id, 1, logitRow}, scaled, width,
                     gradWeight + id * width, width, true);
    });
  }
  return result;
}

Result blockwise(const Inputs& in, double scale, bool needX, bool needWeight) {
  if (in.x.size(0) == 0 || in.weight.size(0) == 0)
    return {at::empty({0}, in.x.options()), at::zeros_like(in.x), at::zeros_like(in.weight)};
  Result result;
  forType(in.x, [&](auto zero) {
    result = blockwise<decltype(zero)>(in, scale, needX, needWeight);
  });
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
  auto result = blockwise(all ? in : in.only(kept), scale, needX, needWeight);
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
  const auto losses = blockwise(in.only(kept), 0, false, false);
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
