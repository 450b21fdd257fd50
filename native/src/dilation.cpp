// Grayscale dilation of images [batch, height, width, channels] by a filter [rows, columns, channels], and gradients:
// the largest sum of pixel and filter value in each window. Composed of torch's functions, so it runs on any device.
#include "kernel.h"

namespace kontrast {
namespace {

/// The windows of images: sums of pixel and filter value [batch, channels, rows · columns, windows].
struct Windows {
  Shape filter;    // rows, columns
  Shape strides;
  Shape dilations;
  Shape before;    // top, left
  Shape after;     // bottom, right
  Shape padded;    // height, width
  Tensor sums;

  /// numbers: strides, dilations, top and left, bottom and right.
  Windows(const Tensor& images, const Tensor& filter_values, const Shape& numbers)
      : filter(filter_values.sizes().slice(0, 2).vec()) {
    require(images.dim() == 4 && filter_values.dim() == 3 && images.size(3) == filter_values.size(2),
            "expected images [batch, height, width, channels] and a filter [rows, columns, channels]");
    require(numbers.size() == 8, "expected 8 numbers, got ", numbers.size());
    const auto part = [&](int64_t i) { return Shape(numbers.begin() + 2 * i, numbers.begin() + 2 * i + 2); };
    strides = part(0);
    dilations = part(1);
    before = part(2);
    after = part(3);
    const Tensor x = at::constant_pad_nd(images.to(at::kFloat).movedim(-1, 1), {before[1], after[1], before[0], after[0]},
                                         -INFINITY);
    padded = {x.size(2), x.size(3)};
    const Tensor columns = at::im2col(x.contiguous(), filter, dilations, {0, 0}, strides);
    const int64_t taps = filter[0] * filter[1];
    const Tensor added = filter_values.to(at::kFloat).reshape({taps, x.size(1)}).t().reshape({1, x.size(1), taps, 1});
    sums = columns.view({x.size(0), x.size(1), taps, columns.size(2)}).add(added);
  }

  /// Which tap of the filter gave each window's largest sum [batch, channels, 1, windows]; the first of equals.
  Tensor winners() const { return std::get<1>(sums.max(2, true)); }

  /// dy [batch, rows, columns, channels] as [batch, channels, 1, windows].
  Tensor per_window(const Tensor& dy) const {
    return dy.to(at::kFloat).movedim(-1, 1).reshape({sums.size(0), sums.size(1), 1, sums.size(3)});
  }

  /// dy where its tap won, 0 elsewhere; of the shape of the sums.
  Tensor shares(const Tensor& dy) const { return at::zeros_like(sums).scatter_(2, winners(), per_window(dy)); }
};

Tensor dilation(const Tensor& images, const Tensor& filter, const Shape& numbers, const Shape& size) {
  const Windows windows(images, filter, numbers);
  const Tensor best = windows.sums.amax(2);
  return best.view({images.size(0), images.size(3), size[0], size[1]}).movedim(1, -1).to(images.scalar_type());
}
KONTRAST_KERNEL(dilation);

Tensor dilation_input_gradient(const Tensor& images, const Tensor& filter, const Tensor& dy, const Shape& numbers) {
  const Windows windows(images, filter, numbers);
  const Tensor columns = windows.shares(dy).flatten(1, 2);
  const Tensor dx = at::col2im(columns, windows.padded, windows.filter, windows.dilations, {0, 0}, windows.strides);
  return dx.narrow(2, windows.before[0], images.size(1))
      .narrow(3, windows.before[1], images.size(2))
      .movedim(1, -1)
      .to(images.scalar_type());
}
KONTRAST_KERNEL(dilation_input_gradient);

Tensor dilation_filter_gradient(const Tensor& images, const Tensor& filter, const Tensor& dy, const Shape& numbers) {
  const Tensor shares = Windows(images, filter, numbers).shares(dy);
  return shares.sum(at::IntArrayRef{0, 3}).t().reshape(filter.sizes()).to(filter.scalar_type());
}
KONTRAST_KERNEL(dilation_filter_gradient);

} // namespace
} // namespace kontrast
