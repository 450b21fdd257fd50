// Batch normalization by the statistics of the batch itself (Ioffe & Szegedy 2015, Algorithm 1), with the sum and the
// relu that follow it in residual networks: two passes over memory forwards, two backwards.
#include <ATen/Parallel.h>

#include "batch_norm_rows.h"
#include "device.h"
#include "precision.h"

namespace kontrast {
namespace {

using batch_norm_rows::Gradient;
using batch_norm_rows::Mask;

/// A [..., C] tensor as blocks of rows that fit into a core's cache. Sums of blocks are added up in one order, so that the
/// number of threads changes no result.
struct Blocks {
  int64_t channels;
  int64_t rows;
  int64_t size;
  int64_t count;

  explicit Blocks(const Tensor& x)
      : channels(x.size(-1)),
        rows(channels == 0 ? 0 : x.numel() / channels),
        size(std::max<int64_t>(16, 16384 / std::max<int64_t>(1, channels))),
        count((rows + size - 1) / size) {}

  int64_t rows_of(int64_t block) const { return std::min(size, rows - block * size); }
  int64_t start(int64_t block) const { return block * size * channels; }

  template <class Work>
  void each(const Work& work) const {
    at::parallel_for(0, count, 2, [&](int64_t begin, int64_t end) {
      for (int64_t block = begin; block < end; ++block) work(block);
    });
  }
};

Tensor floats(const Shape& shape) { return at::empty(shape, at::kFloat); }

/// Mean and biased variance of each channel; the blocks' moments are joined as in Chan et al. 1979.
template <class T>
std::tuple<Tensor, Tensor> statistics(const Tensor& x, const Blocks& blocks) {
  const int64_t channels = blocks.channels;
  Tensor parts = floats({blocks.count, 2, channels});
  float* part = parts.data_ptr<float>();
  blocks.each([&](int64_t block) {
    float* to = part + block * 2 * channels;
    batch_norm_rows::moments(x.data_ptr<T>() + blocks.start(block), blocks.rows_of(block), channels, to, to + channels);
  });
  Tensor mean = floats({channels});
  Tensor variance = floats({channels});
  for (int64_t channel = 0; channel < channels; ++channel) {
    double center = 0;
    double squares = 0;
    double seen = 0;
    for (int64_t block = 0; block < blocks.count; ++block) {
      const float* from = part + block * 2 * channels + channel;
      const auto more = static_cast<double>(blocks.rows_of(block));
      const double distance = from[0] - center;
      center += distance * more / (seen + more);
      squares += from[channels] + distance * distance * seen * more / (seen + more);
      seen += more;
    }
    mean.data_ptr<float>()[channel] = static_cast<float>(center);
    variance.data_ptr<float>()[channel] = static_cast<float>(squares / seen);
  }
  return {mean, variance};
}

/// Sum over the first axis, in double.
Tensor sum_of(const Tensor& parts) {
  const int64_t size = parts.size(1) * parts.size(2);
  std::vector<double> sums(size, 0.0);
  const float* part = parts.data_ptr<float>();
  for (int64_t block = 0; block < parts.size(0); ++block, part += size) {
    for (int64_t i = 0; i < size; ++i) sums[i] += part[i];
  }
  Tensor result = floats({parts.size(1), parts.size(2)});
  std::copy(sums.begin(), sums.end(), result.data_ptr<float>());
  return result;
}

/// What x is multiplied with and what is added.
std::tuple<Tensor, Tensor> affine(const Tensor& scale, const Tensor& offset, const Tensor& mean, const Tensor& variance,
                                  double epsilon) {
  const Tensor factor = variance.add(epsilon).rsqrt_().mul_(scale);
  return {factor, at::sub(offset, mean.mul(factor))};
}

template <class T>
std::vector<Tensor> forward(const Tensor& x, const Tensor& scale, const Tensor& offset, const Tensor& residual, bool relu,
                            double epsilon) {
  const Blocks blocks(x);
  const auto [mean, variance] = statistics<T>(x, blocks);
  const auto [factor, shift] = affine(scale, offset, mean, variance, epsilon);
  Tensor y = at::empty_like(x);
  const T* added = residual.defined() ? residual.data_ptr<T>() : nullptr;
  const float* factors = factor.template data_ptr<float>();
  const float* shifts = shift.template data_ptr<float>();
  blocks.each([&](int64_t block) {
    const int64_t start = blocks.start(block);
    batch_norm_rows::normalize(x.data_ptr<T>() + start, added == nullptr ? nullptr : added + start, factors, shifts, relu,
                               blocks.rows_of(block), blocks.channels, y.data_ptr<T>() + start);
  });
  return {y, mean, variance};
}

/// dx = factor · (dy − mean(dy) − x̂ · mean(dy · x̂)) with dy after relu; where y is given, also that dy.
template <class T>
std::vector<Tensor> backward(const Tensor& dy, const Tensor& x, const Tensor& y, const Tensor& scale, const Tensor& offset,
                             const Tensor& mean, const Tensor& variance, bool relu, double epsilon) {
  const Blocks blocks(x);
  const int64_t channels = blocks.channels;
  const auto [factor, shift] = affine(scale, offset, mean, variance, epsilon);
  const Mask mask = y.defined() ? Mask::by_result : relu ? Mask::recomputed : Mask::none;
  Tensor masked = y.defined() ? at::empty_like(x) : dy;
  const auto at_block = [&, factors = factor.template data_ptr<float>(), shifts = shift.template data_ptr<float>()](
                            int64_t block, const Tensor& gradient) {
    const int64_t start = blocks.start(block);
    const T* result = y.defined() ? y.data_ptr<T>() + start : nullptr;
    return Gradient<T>{gradient.data_ptr<T>() + start, x.data_ptr<T>() + start, result, factors, shifts,
                       mean.data_ptr<float>()};
  };
  Tensor parts = floats({blocks.count, 2, channels});
  blocks.each([&](int64_t block) {
    float* to = parts.data_ptr<float>() + block * 2 * channels;
    batch_norm_rows::gradient_sums(at_block(block, dy), mask, blocks.rows_of(block), channels, to, to + channels,
                                   masked.data_ptr<T>() + blocks.start(block));
  });
  const Tensor totals = sum_of(parts);
  const Tensor inverse = variance.add(epsilon).rsqrt_();
  const Tensor d_offset = totals[0].clone();
  const Tensor d_scale = totals[1].mul(inverse);
  const auto rows = static_cast<double>(blocks.rows);
  const Tensor of_x = factor.mul(inverse).mul_(d_scale).div_(-rows);
  const Tensor constant = factor.mul(d_offset).div_(rows).add_(of_x.mul(mean)).neg_();
  Tensor dx = at::empty_like(x);
  blocks.each([&](int64_t block) {
    batch_norm_rows::gradient_input(at_block(block, masked), y.defined() ? Mask::none : mask,
                                    of_x.data_ptr<float>(), constant.data_ptr<float>(), blocks.rows_of(block), channels,
                                    dx.data_ptr<T>() + blocks.start(block));
  });
  if (y.defined()) return {dx, d_scale, d_offset, masked};
  return {dx, d_scale, d_offset};
}

/// [..., C] as [n, C] → [n, C, 1, 1], channels-last in memory.
Tensor rows(const Tensor& x) { return x.view({-1, x.size(-1), 1, 1}); }

/// `forward` for devices without the loops.
std::vector<Tensor> composed_forward(const Tensor& x, const Tensor& scale, const Tensor& offset, const Tensor& residual,
                                     bool relu, double epsilon) {
  const auto [normalized, mean, inverse] = at::native_batch_norm(rows(x), scale, offset, {}, {}, true, 0, epsilon);
  Tensor y = normalized.view(x.sizes());
  if (residual.defined()) y = y.add(residual);
  return {relu ? at::relu(y) : y, mean, inverse.pow(-2).sub(epsilon)};
}

/// `backward` for devices without the loops.
std::vector<Tensor> composed_backward(const Tensor& dy, const Tensor& x, const Tensor& y, const Tensor& scale,
                                      const Tensor& offset, const Tensor& mean, const Tensor& variance, bool relu,
                                      double epsilon) {
  Tensor masked = dy;
  if (y.defined()) masked = at::threshold_backward(dy, y, 0);
  else if (relu) {
    const auto [factor, shift] = affine(scale, offset, mean, variance, epsilon);
    masked = at::where(at::addcmul(shift, x, factor).gt(0), dy, at::zeros({}, dy.options()));
  }
  const Tensor inverse = variance.add(epsilon).rsqrt_();
  const auto [dx, d_scale, d_offset] = at::native_batch_norm_backward(rows(masked), rows(x), scale, {}, {}, mean, inverse,
                                                                      true, epsilon, {true, true, true});
  if (y.defined()) return {dx.view(x.sizes()), d_scale, d_offset, masked};
  return {dx.view(x.sizes()), d_scale, d_offset};
}

/// relu(normalized x + residual), each of the two if asked for.
///   x [..., C], residual of its shape, scale [C], offset [C]
///   result y [..., C], stored as x is, mean [C], variance [C] (biased), over all axes but the last
std::vector<Tensor> BatchNormTraining(const Stored& x, const Tensor& scale, const Tensor& offset,
                                      const std::optional<Stored>& residual, bool relu, double epsilon) {
  const bool reduced = is_reduced(x);
  const Tensor added = residual ? operand(*residual, reduced) : Tensor();
  if (!takes_loop(x.tensor)) return composed_forward(x.tensor, scale, offset, added, relu, epsilon);
  return reduced ? forward<c10::BFloat16>(x.tensor, scale, offset, added, relu, epsilon)
                 : forward<float>(x.tensor, scale, offset, added, relu, epsilon);
}
KONTRAST_KERNEL(BatchNormTraining);

/// Gradients: dx [..., C], stored as x is, dScale [C], dOffset [C]. Where there was a residual, its result y must be given,
/// and its gradient comes last.
std::vector<Tensor> BatchNormTrainingGrad(const Stored& dy, const Stored& x, const std::optional<Stored>& y,
                                          const Tensor& scale, const Tensor& offset, const Tensor& mean,
                                          const Tensor& variance, bool relu, double epsilon) {
  const bool reduced = is_reduced(x);
  const Tensor slope = operand(dy, reduced);
  const Tensor result = y ? operand(*y, reduced) : Tensor();
  if (!takes_loop(x.tensor)) return composed_backward(slope, x.tensor, result, scale, offset, mean, variance, relu, epsilon);
  return reduced ? backward<c10::BFloat16>(slope, x.tensor, result, scale, offset, mean, variance, relu, epsilon)
                 : backward<float>(slope, x.tensor, result, scale, offset, mean, variance, relu, epsilon);
}
KONTRAST_KERNEL(BatchNormTrainingGrad);

} // namespace
} // namespace kontrast
