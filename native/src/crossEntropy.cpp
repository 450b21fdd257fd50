// Softmax cross-entropy on logits, value and gradient in one pass each, and rows of unit length.
#include <ATen/Parallel.h>

#include <cmath>

#include "device.h"
#include "kernel.h"
#include "vectorized.h"

namespace kontrast {
namespace {

constexpr float log2_e = 1.44269504f;

KONTRAST_VECTORIZED float largest(const float* x, int64_t count) {
  float result = x[0];
#pragma omp simd reduction(max : result)
  for (int64_t k = 0; k < count; ++k) result = x[k] > result ? x[k] : result;
  return result;
}

/// Σ exp(scale · (x − most)).
KONTRAST_VECTORIZED float sum_exp(const float* x, float most, float scale, int64_t count) {
  const float factor = scale * log2_e;
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t k = 0; k < count; ++k) sum += exp2_fast((x[k] - most) * factor);
  return sum;
}

struct Targets {
  float sum;
  float product;
};

/// Σ target and Σ target · (x − most).
KONTRAST_VECTORIZED Targets sum_targets(const float* target, const float* x, float most, int64_t count) {
  float sum = 0, product = 0;
#pragma omp simd reduction(+ : sum, product)
  for (int64_t k = 0; k < count; ++k) {
    sum += target[k];
    product += target[k] * (x[k] - most);
  }
  return {sum, product};
}

/// slope ← factor · (weight · exp(scale · (x − most)) − target).
KONTRAST_VECTORIZED void slopes(const float* x, float most, float scale, float weight, const float* target,
                                float factor, float* slope, int64_t count) {
  const float exponent = scale * log2_e;
#pragma omp simd
  for (int64_t k = 0; k < count; ++k)
    slope[k] = factor * (weight * exp2_fast((x[k] - most) * exponent) - target[k]);
}

/// slope ← weight · exp(scale · (x − most)).
KONTRAST_VECTORIZED void weighted_exp(const float* x, float most, float scale, float weight, float* slope,
                                      int64_t count) {
  const float exponent = scale * log2_e;
#pragma omp simd
  for (int64_t k = 0; k < count; ++k) slope[k] = weight * exp2_fast((x[k] - most) * exponent);
}

bool are_labels(const Tensor& target) { return target.dim() == 1; }

void require_targets(const Tensor& logits, const Tensor& target) {
  require(logits.dim() == 2 && logits.numel() > 0, "logits must be a matrix with values, got ", logits.sizes());
  require(logits.scalar_type() == at::kFloat, "logits must be float32");
  if (!are_labels(target)) {
    require(target.sizes() == logits.sizes(), "target must have the shape of logits, got ", target.sizes());
    require(target.scalar_type() == at::kFloat, "target must be float32");
    return;
  }
  require(target.scalar_type() == at::kInt && target.size(0) == logits.size(0), "labels must be int32, one per row, got ",
          target.sizes());
  if (!takes_loop(target)) return; // to look would be to wait for the device
  const auto* label = target.data_ptr<int32_t>();
  for (int64_t i = 0; i < logits.size(0); ++i)
    require(label[i] >= 0 && label[i] < logits.size(1), "labels must be in [0, ", logits.size(1), "), got ", label[i]);
}

/// Rows of few values are dealt out in larger parts.
int64_t rows_at_once(int64_t columns) { return std::max<int64_t>(1, 16384 / columns); }

Tensor loss_by_loops(const Tensor& logits, const Tensor& target, float scale) {
  const int64_t rows = logits.size(0), columns = logits.size(1);
  Tensor result = at::empty({4, rows}, logits.options());
  float* const losses = result.data_ptr<float>();
  const float* const x = logits.data_ptr<float>();
  const float* const wanted = are_labels(target) ? nullptr : target.data_ptr<float>();
  const int32_t* const label = are_labels(target) ? target.data_ptr<int32_t>() : nullptr;
  at::parallel_for(0, rows, rows_at_once(columns), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const float* const row = x + i * columns;
      const float most = largest(row, columns);
      const float sum = sum_exp(row, most, scale, columns);
      const Targets of = label != nullptr ? Targets{1, row[label[i]] - most} : sum_targets(wanted + i * columns, row, most, columns);
      losses[i] = of.sum * std::log(sum) - scale * of.product;
      losses[rows + i] = most;
      losses[2 * rows + i] = sum;
      losses[3 * rows + i] = of.sum;
    }
  });
  return result;
}

Tensor composed_loss(const Tensor& logits, const Tensor& target, double scale) {
  const Tensor most = logits.amax(1, true);
  const Tensor lead = (logits - most).mul_(scale);
  const Tensor sum = lead.exp().sum(1);
  const bool labels = are_labels(target);
  const Tensor weight = labels ? at::ones_like(sum) : target.sum(1);
  const Tensor product = labels ? lead.gather(1, target.to(at::kLong).unsqueeze(1)).squeeze(1) : target.mul(lead).sum(1);
  return at::stack({weight * sum.log() - product, most.squeeze(1), sum, weight});
}

/// Cross-entropy of softmax(logits / temperature) with targets, in nats.
///   logits [rows, columns]; target: [rows, columns], weights of any sum, or int32 [rows], the one column that is wanted
///   result: mean over the rows, scalar; [4, rows]: the loss of each row, and what the gradient needs: largest logit, sum
///   of exponentials below it, sum of targets
std::vector<Tensor> SoftmaxCrossEntropy(const Tensor& logits, const Tensor& target, double temperature) {
  require_targets(logits, target);
  const Tensor rows = takes_loop(logits) ? loss_by_loops(logits, target, static_cast<float>(1 / temperature))
                                      : composed_loss(logits, target, 1 / temperature);
  return {rows[0].mean(), rows};
}
KONTRAST_KERNEL(SoftmaxCrossEntropy);

Tensor gradient_by_loops(const Tensor& logits, const Tensor& stored, const Tensor& target, float scale, float factor) {
  const int64_t rows = logits.size(0), columns = logits.size(1);
  Tensor result = at::empty_like(logits);
  float* const slope = result.data_ptr<float>();
  const float* const x = logits.data_ptr<float>();
  const float* const most = stored.data_ptr<float>() + rows;
  const float* const sum = most + rows;
  const float* const weight = sum + rows;
  const float* const wanted = are_labels(target) ? nullptr : target.data_ptr<float>();
  const int32_t* const label = are_labels(target) ? target.data_ptr<int32_t>() : nullptr;
  at::parallel_for(0, rows, rows_at_once(columns), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t at = i * columns;
      const float share = weight[i] / sum[i];
      if (label != nullptr) {
        weighted_exp(x + at, most[i], scale, factor * share, slope + at, columns);
        slope[at + label[i]] -= factor;
      } else {
        slopes(x + at, most[i], scale, share, wanted + at, factor, slope + at, columns);
      }
    }
  });
  return result;
}

Tensor composed_gradient(const Tensor& logits, const Tensor& stored, const Tensor& target, double scale, const Tensor& factor) {
  const Tensor most = stored[1].unsqueeze(1), share = (stored[3] / stored[2]).unsqueeze(1);
  Tensor slope = (logits - most).mul_(scale).exp_().mul_(share);
  if (are_labels(target)) {
    slope.scatter_add_(1, target.to(at::kLong).unsqueeze(1), at::full({logits.size(0), 1}, -1, logits.options()));
  } else {
    slope.sub_(target);
  }
  return slope.mul_(factor);
}

/// Gradient of SoftmaxCrossEntropy's mean by the logits, times `dy`, a scalar.
Tensor SoftmaxCrossEntropyGrad(const Tensor& dy, const Tensor& logits, const Tensor& stored,
                               const Tensor& target, double temperature) {
  require_targets(logits, target);
  require(dy.numel() == 1 && stored.sizes() == Shape({4, logits.size(0)}) && stored.scalar_type() == at::kFloat,
          "expected a scalar dy, and what SoftmaxCrossEntropy stored");
  const double scale = 1 / temperature;
  const Tensor factor = dy.mul(scale / static_cast<double>(logits.size(0)));
  if (!takes_loop(logits)) return composed_gradient(logits, stored, target, scale, factor);
  return gradient_by_loops(logits, stored, target, static_cast<float>(scale), factor.item<float>());
}
KONTRAST_KERNEL(SoftmaxCrossEntropyGrad);

} // namespace
} // namespace kontrast
