// Kernels that count, search and draw, under their tfjs names; and local response normalization.
#include <ATen/CPUGeneratorImpl.h>

#include "kernel.h"
#include "transfer.h"

namespace kontrast {
namespace {

/// How often each of 0 … size − 1 occurs in each row of x [n] or [rows, n], or the sums of its weights there (an empty
/// tensor counts); values beyond are dropped. `binary`: whether it occurs, 0 or 1.
Tensor bincount(const Tensor& x, const Tensor& weights, int64_t size, bool binary) {
  const Tensor rows = x.dim() == 2 ? x : x.reshape({1, x.numel()});
  const Tensor index = rows.to(at::kLong);
  require(index.numel() == 0 || index.min().item<int64_t>() >= 0, "Input x must be non-negative!");
  Tensor values = weights.numel() == 0 || binary ? at::ones(index.sizes(), weights.options())
                                                 : weights.reshape(index.sizes());
  Tensor sums = at::zeros({index.size(0), size + 1}, weights.options()); // the last column takes what is dropped
  const Tensor where = index.clamp_max(size);
  if (binary) sums.scatter_(1, where, values);
  else sums.scatter_add_(1, where, values);
  sums = sums.narrow(1, 0, size);
  return x.dim() == 2 ? sums : sums.view({size});
}
KONTRAST_KERNEL(bincount);

/// Where each value [rows, m] would go in its sorted row [rows, n], int32; `right`: behind equal values.
KONTRAST_INLINE_KERNEL(SearchSorted, (const Tensor& sorted, const Tensor& values, bool right),
                       at::searchsorted(sorted, values, true, right));

/// Values in a form in which equal ones have equal bits: NaN is like NaN and −0 is like 0, as in tfjs.
Tensor comparable_bits(const Tensor& x) {
  if (x.scalar_type() != at::kFloat) return x;
  return x.add(0.0f).masked_fill_(x.isnan(), NAN).view(at::kInt);
}

/// The different slices along an axis in the order of their first occurrence, and for each slice which one it is.
std::vector<Tensor> Unique(const Tensor& x, int64_t axis) {
  const int64_t length = x.size(axis);
  if (x.numel() == 0) {
    return {x.narrow(axis, 0, std::min<int64_t>(length, 1)), at::zeros({length}, x.options().dtype(at::kInt))};
  }
  const auto [values, inverse, counts] = at::unique_dim(comparable_bits(x), axis, true, true, false);
  const Tensor groups = inverse.to(at::kLong).cpu().contiguous();
  const int64_t* group = groups.data_ptr<int64_t>();
  std::vector<int64_t> first;
  std::vector<int64_t> rank(values.size(axis), -1);
  for (int64_t i = 0; i < length; ++i) {
    if (rank[group[i]] >= 0) continue;
    rank[group[i]] = static_cast<int64_t>(first.size());
    first.push_back(i);
  }
  return {x.index_select(axis, table(first, at::kLong, x)),
          table(rank, at::kLong, x).index_select(0, inverse.to(at::kLong))};
}
KONTRAST_KERNEL(Unique);

/// Draws `count` classes per row with replacement, int32; the same seed draws the same classes on every device, so it
/// is done on the host.
Tensor Multinomial(const Tensor& logits, int64_t count, double seed, bool normalized) {
  const Tensor probabilities = (normalized ? logits : at::softmax(logits, -1)).cpu();
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(static_cast<uint64_t>(std::abs(seed) * 1e6));
  return at::multinomial(probabilities, count, true, generator).to(logits.device());
}
KONTRAST_KERNEL(Multinomial);

/// Sums over 2 · radius + 1 neighboring channels.
Tensor neighbor_sums(const Tensor& x, int64_t radius) {
  return at::constant_pad_nd(x, {radius, radius}, 0).unfold(-1, 2 * radius + 1, 1).sum(-1);
}

/// x / (bias + alpha · Σ x²)^beta over neighboring channels (Krizhevsky et al. 2012, Sec. 3.3).
Tensor LRN(const Tensor& x, int64_t radius, double bias, double alpha, double beta) {
  return neighbor_sums(x.square(), radius).mul_(alpha).add_(bias).pow_(-beta).mul_(x);
}
KONTRAST_KERNEL(LRN);

Tensor LRNGrad(const Tensor& x, const Tensor& y, const Tensor& dy, int64_t radius, double bias, double alpha,
               double beta) {
  const Tensor norm = neighbor_sums(x.square(), radius).mul_(alpha).add_(bias);
  const Tensor indirect = neighbor_sums(dy.mul(y).div_(norm), radius).mul_(x).mul_(2 * alpha * beta);
  return norm.pow(-beta).mul_(dy).sub_(indirect);
}
KONTRAST_KERNEL(LRNGrad);

} // namespace
} // namespace kontrast
