// Attention with grouped key and value heads, on the layout that the projections leave: [B, T, H, D], so that nothing is
// transposed or copied. Causal, or, with `lengths`, of every position over the first keys of its sequence. One task is one key-value head of one sequence with all its query heads: its keys
// and values stay in the cache, and the gradients of both are summed without sharing anything between threads.
// Backward computes the probabilities anew from the saved log-sum-exp, as FlashAttention
// (https://arxiv.org/abs/2205.14135) does.
#include <memory>

#include "kernel.h"
#include "math.h"
#include "small-gemm.h"
#include "softmax-row.h"

namespace lucie {

namespace {

// Query rows handled together: with 256 keys their scores are 64 kB of float32.
constexpr int64_t kBlock = 64;

struct Shape {
  int64_t batch, queries, heads, keys, groups, dim;
  explicit Shape(const at::Tensor& q, const at::Tensor& k)
      : batch(q.size(0)), queries(q.size(1)), heads(q.size(2)), keys(k.size(1)), groups(k.size(2)), dim(q.size(3)) {}
  // Keys before the first query: those of a cache.
  int64_t past() const { return keys - queries; }
  template <typename T>
  int64_t paddedKeys() const {
    return (keys + 2 * kLanes<T> - 1) / (2 * kLanes<T>) * (2 * kLanes<T>);
  }
};

void checkAttention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  checkFloating("q", q);
  checkSame("k", k, q);
  checkSame("v", v, q);
  TORCH_CHECK(q.dim() == 4 && k.dim() == 4, "q has shape ", q.sizes(), ", k has ", k.sizes(), ", not [B, T, H, D]");
  TORCH_CHECK(v.sizes() == k.sizes(), "v has shape ", v.sizes(), ", k has ", k.sizes());
  TORCH_CHECK(q.size(0) == k.size(0) && q.size(3) == k.size(3), "q has shape ", q.sizes(), ", k has ", k.sizes());
  TORCH_CHECK(k.size(1) >= q.size(1), "q has ", q.size(1), " positions, more than k's ", k.size(1));
  TORCH_CHECK(k.size(2) > 0 && q.size(2) % k.size(2) == 0, "q has ", q.size(2), " heads, not a multiple of k's ",
              k.size(2));
}

void checkLengths(const std::optional<at::Tensor>& lengths, const at::Tensor& k) {
  if (!lengths) return;
  TORCH_CHECK(lengths->scalar_type() == at::kLong && lengths->dim() == 1 && lengths->size(0) == k.size(0),
              "lengths has shape ", lengths->sizes(), " of ", lengths->scalar_type(), ", not [B] of int64");
  const auto own = lengths->contiguous();
  for (int64_t b = 0; b < own.size(0); b++) {
    const int64_t length = own.const_data_ptr<int64_t>()[b];
    TORCH_CHECK(length > 0 && length <= k.size(1), "length ", length, " of ", k.size(1), " keys");
  }
}

// How many keys, from the first, a position looks at.
class Sight {
 public:
  Sight(const Shape& shape, const std::optional<at::Tensor>& lengths) : past_(shape.past()), groups_(shape.groups) {
    if (lengths) lengths_ = lengths->contiguous();
  }
  int64_t of(int64_t task, int64_t query) const {
    return lengths_.defined() ? lengths_.const_data_ptr<int64_t>()[task / groups_] : query + past_ + 1;
  }

 private:
  int64_t past_, groups_;
  at::Tensor lengths_;
};

// [keys, dim] with rows `row` apart, to [dim, padded]; what pads is 0.
template <typename T>
void transposeInto(T* to, const T* from, int64_t keys, int64_t dim, int64_t row, int64_t padded) {
  for (int64_t d = 0; d < dim; d++) {
    for (int64_t j = 0; j < keys; j++) to[d * padded + j] = from[j * row + d];
    for (int64_t j = keys; j < padded; j++) to[d * padded + j] = 0;
  }
}

// Where one task's data begins; every row of q lies heads*dim after the one before, of k and v groups*dim.
struct Task {
  int64_t q, k, lse;
  Task(const Shape& s, int64_t task, int64_t head) {
    const int64_t b = task / s.groups, group = task % s.groups, at = group * (s.heads / s.groups) + head;
    q = (b * s.queries * s.heads + at) * s.dim;
    k = (b * s.keys * s.groups + group) * s.dim;
    lse = (b * s.heads + at) * s.queries;
  }
};

// out [B, T, H, D] and the log of each row's sum of exponentials, [B, H, T].
std::pair<at::Tensor, at::Tensor> attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                                          const std::optional<at::Tensor>& lengths, double scaleBy) {
  const Shape s(q, k);
  const Sight sight(s, lengths);
  auto out = at::empty_like(q);
  auto lse = at::empty({s.batch, s.heads, s.queries}, q.options());
  forType(q, [&](auto zero) {
    using T = decltype(zero);
    const auto *qData = q.const_data_ptr<T>(), *kData = k.const_data_ptr<T>(), *vData = v.const_data_ptr<T>();
    auto *outData = out.mutable_data_ptr<T>(), *lseData = lse.mutable_data_ptr<T>();
    const int64_t padded = s.paddedKeys<T>(), qRow = s.heads * s.dim, kRow = s.groups * s.dim;
    const T scale = static_cast<T>(scaleBy);
    at::parallel_for(0, s.batch * s.groups, 1, [&](int64_t begin, int64_t end) {
      const auto scratch = std::make_unique_for_overwrite<T[]>(padded * (s.dim + kBlock));
      T *keysT = scratch.get(), *scores = keysT + padded * s.dim;
      for (int64_t task = begin; task < end; task++) {
        transposeInto(keysT, kData + Task(s, task, 0).k, s.keys, s.dim, kRow, padded);
        for (int64_t head = 0; head < s.heads / s.groups; head++) {
          const Task at(s, task, head);
          for (int64_t first = 0; first < s.queries; first += kBlock) {
            const int64_t rows = std::min(kBlock, s.queries - first);
            const int64_t seen = sight.of(task, first + rows - 1);
            const int64_t wide = std::min(padded, (seen + 2 * kLanes<T> - 1) / (2 * kLanes<T>) * (2 * kLanes<T>));
            const T* queries = qData + at.q + first * qRow;
            T* result = outData + at.q + first * qRow;
            smallGemm<T>(rows, wide, s.dim, {queries, qRow, 1}, keysT, padded, scores, padded, false);
            T sums[kBlock], sum;
            for (int64_t r = 0; r < rows; r++) {
              T* row = scores + r * padded;
              const int64_t valid = sight.of(task, first + r);
              const T most = softmaxRow(row, valid, scale, sum);
              for (int64_t j = toLanes<T>(valid); j < seen; j++) row[j] = 0;
              sums[r] = T(1) / sum;
              lseData[at.lse + first + r] = most * scale + std::log(sum);
            }
            smallGemm<T>(rows, s.dim, seen, {scores, padded, 1}, vData + at.k, kRow, result, qRow, false);
            for (int64_t r = 0; r < rows; r++)
              for (int64_t d = 0; d < s.dim; d++) result[r * qRow + d] *= sums[r];
          }
        }
      }
    });
  });
  return {out, lse};
}

variable_list attendBackward(const at::Tensor& gradInput, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                             const at::Tensor& out, const at::Tensor& lse,
                             const std::optional<at::Tensor>& lengths, double scaleBy) {
  const Shape s(q, k);
  const Sight sight(s, lengths);
  const auto grad = gradInput.contiguous();
  auto gradQ = at::empty_like(q), gradK = at::empty_like(k), gradV = at::empty_like(v);
  forType(q, [&](auto zero) {
    using T = decltype(zero);
    const auto *qData = q.const_data_ptr<T>(), *kData = k.const_data_ptr<T>(), *vData = v.const_data_ptr<T>();
    const auto *oData = out.const_data_ptr<T>(), *dData = grad.const_data_ptr<T>(), *lseData = lse.const_data_ptr<T>();
    auto *dqData = gradQ.mutable_data_ptr<T>(), *dkData = gradK.mutable_data_ptr<T>(), *dvData = gradV.mutable_data_ptr<T>();
    const int64_t padded = s.paddedKeys<T>(), qRow = s.heads * s.dim, kRow = s.groups * s.dim;
    const T scale = static_cast<T>(scaleBy);
    at::parallel_for(0, s.batch * s.groups, 1, [&](int64_t begin, int64_t end) {
      const auto scratch = std::make_unique_for_overwrite<T[]>(padded * (4 * s.dim + 2 * kBlock));
      T *keysT = scratch.get(), *valuesT = keysT + padded * s.dim;
      T *dKeys = valuesT + padded * s.dim, *dValues = dKeys + padded * s.dim;
      T *probs = dValues + padded * s.dim, *dScores = probs + padded * kBlock;
      for (int64_t task = begin; task < end; task++) {
        const auto kv = Task(s, task, 0).k;
        transposeInto(keysT, kData + kv, s.keys, s.dim, kRow, padded);
        transposeInto(valuesT, vData + kv, s.keys, s.dim, kRow, padded);
        std::fill_n(dKeys, 2 * padded * s.dim, T(0));
        for (int64_t head = 0; head < s.heads / s.groups; head++) {
          const Task at(s, task, head);
          for (int64_t first = 0; first < s.queries; first += kBlock) {
            const int64_t rows = std::min(kBlock, s.queries - first);
            const int64_t seen = sight.of(task, first + rows - 1);
            const int64_t wide = std::min(padded, (seen + 2 * kLanes<T> - 1) / (2 * kLanes<T>) * (2 * kLanes<T>));
            const int64_t offset = at.q + first * qRow;
            smallGemm<T>(rows, wide, s.dim, {qData + offset, qRow, 1}, keysT, padded, probs, padded, false);
            smallGemm<T>(rows, wide, s.dim, {dData + offset, qRow, 1}, valuesT, padded, dScores, padded, false);
            for (int64_t r = 0; r < rows; r++) {
              const T *d = dData + offset + r * qRow, *o = oData + offset + r * qRow;
              T *p = probs + r * padded, *ds = dScores + r * padded;
              T dot = 0;
#pragma omp simd reduction(+ : dot)
              for (int64_t i = 0; i < s.dim; i++) dot += d[i] * o[i];
              const T log = lseData[at.lse + first + r];
              const int64_t valid = sight.of(task, first + r);
              for (int64_t j = 0; j < toLanes<T>(valid); j += kLanes<T>) {
                vectorAt(p + j) = exponential(vectorAt(p + j) * scale - log);
                vectorAt(ds + j) = vectorAt(p + j) * (vectorAt(ds + j) - dot) * scale;
              }
              for (int64_t j = valid; j < seen; j++) p[j] = ds[j] = 0;
            }
            smallGemm<T>(seen, s.dim, rows, {probs, 1, padded}, dData + offset, qRow, dValues, s.dim, true);
            smallGemm<T>(seen, s.dim, rows, {dScores, 1, padded}, qData + offset, qRow, dKeys, s.dim, true);
            smallGemm<T>(rows, s.dim, seen, {dScores, padded, 1}, kData + at.k, kRow, dqData + offset, qRow, false);
          }
        }
        for (int64_t j = 0; j < s.keys; j++) {
          std::copy_n(dKeys + j * s.dim, s.dim, dkData + kv + j * kRow);
          std::copy_n(dValues + j * s.dim, s.dim, dvData + kv + j * kRow);
        }
      }
    });
  });
  return {gradQ, gradK, gradV};
}

double scaleOf(const at::Tensor& q, std::optional<double> scale) {
  return scale.value_or(1.0 / std::sqrt(static_cast<double>(q.size(3))));
}

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, std::optional<double> scale,
                     const std::optional<at::Tensor>& lengths) {
  checkAttention(q, k, v);
  checkLengths(lengths, k);
  return attend(q.contiguous(), k.contiguous(), v.contiguous(), lengths, scaleOf(q, scale)).first;
}

struct Attention : torch::autograd::Function<Attention> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& qInput, const at::Tensor& kInput,
                            const at::Tensor& vInput, std::optional<double> scaleInput,
                            const std::optional<at::Tensor>& lengths) {
    at::AutoDispatchBelowADInplaceOrView below;
    checkAttention(qInput, kInput, vInput);
    checkLengths(lengths, kInput);
    const double scale = scaleOf(qInput, scaleInput);
    const auto q = qInput.contiguous(), k = kInput.contiguous(), v = vInput.contiguous();
    const auto [out, lse] = attend(q, k, v, lengths, scale);
    ctx->save_for_backward({q, k, v, out, lse, lengths.value_or(at::Tensor())});
    ctx->saved_data["scale"] = scale;
    return out;
  }
  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const auto lengths = saved[5].defined() ? std::optional(saved[5]) : std::nullopt;
    auto result = attendBackward(grads[0], saved[0], saved[1], saved[2], saved[3], saved[4], lengths,
                                 ctx->saved_data["scale"].toDouble());
    result.resize(5);
    return result;
  }
};

at::Tensor attentionAutograd(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, std::optional<double> scale,
                             const std::optional<at::Tensor>& lengths) {
  return Attention::apply(q, k, v, scale, lengths);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(lucie, library) {
  library.def("attention(Tensor q, Tensor k, Tensor v, float? scale=None, Tensor? lengths=None) -> Tensor");
  library.impl("attention", c10::DispatchKey::CPU, TORCH_FN(attention));
  library.impl("attention", c10::DispatchKey::AutogradCPU, TORCH_FN(attentionAutograd));
}

}  // namespace lucie
