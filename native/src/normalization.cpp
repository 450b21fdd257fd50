// Softmax and batch normalization.
#include "kernel.h"

namespace kontrast {
namespace {

KONTRAST_INLINE_KERNEL(Softmax, (const Tensor& logits, int64_t axis), at::softmax(logits, axis, at::kFloat));
KONTRAST_INLINE_KERNEL(LogSoftmax, (const Tensor& logits, int64_t axis), at::log_softmax(logits, axis, at::kFloat));

/// Batch normalization by given statistics. x [..., C]; mean, variance, scale, offset [C] or of x's shape.
Tensor FusedBatchNorm(const Tensor& x, const Tensor& mean, const Tensor& variance, const std::optional<Tensor>& scale,
                      const std::optional<Tensor>& offset, double epsilon) {
  Tensor factor = variance.add(epsilon).rsqrt_();
  if (scale) factor = factor.mul(*scale);
  const Tensor shift = offset ? at::sub(*offset, mean.mul(factor)) : at::neg(mean.mul(factor));
  return at::addcmul(shift, x, factor);
}
KONTRAST_KERNEL(FusedBatchNorm);

/// [..., C] as [n, C] → [n, C, 1, 1], channels-last in memory.
Tensor rows(const Tensor& x) { return x.view({-1, x.size(-1), 1, 1}); }

/// Batch normalization by the statistics of the batch itself (Ioffe & Szegedy 2015, Algorithm 1).
///   x [..., C], scale [C], offset [C]; result y [..., C], mean [C], variance [C] (biased), over all axes but the last
std::vector<Tensor> BatchNormTraining(const Tensor& x, const Tensor& scale, const Tensor& offset, double epsilon) {
  const auto [y, mean, inverse] = at::native_batch_norm(rows(x), scale, offset, {}, {}, true, 0, epsilon);
  return {y.view(x.sizes()), mean, inverse.pow(-2).sub(epsilon)};
}
KONTRAST_KERNEL(BatchNormTraining);

/// Gradients of batch normalization: dx [..., C], dScale [C], dOffset [C].
std::vector<Tensor> BatchNormTrainingGrad(const Tensor& dy, const Tensor& x, const Tensor& scale, const Tensor& mean,
                                          const Tensor& variance, double epsilon) {
  const Tensor inverse = variance.add(epsilon).rsqrt_();
  const auto [dx, d_scale, d_offset] =
      at::native_batch_norm_backward(rows(dy), rows(x), scale, {}, {}, mean, inverse, true, epsilon, {true, true, true});
  return {dx.view(x.sizes()), d_scale, d_offset};
}
KONTRAST_KERNEL(BatchNormTrainingGrad);

} // namespace
} // namespace kontrast
