// Softmax and batch normalization by given statistics.
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

} // namespace
} // namespace kontrast
