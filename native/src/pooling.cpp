// Max and average pooling in 2 and 3 dimensions over channels-last images [batch, ...space, channels].
#include "device.h"
#include "kernel.h"

namespace kontrast {
namespace {

/// window, strides, then padding before and after of each spatial axis (from computePool2DInfo).
struct Window {
  Shape size;
  Shape strides;
  Shape before;
  Shape after;

  explicit Window(const Shape& numbers) {
    require(numbers.size() % 4 == 0, "expected four numbers per spatial axis, got ", numbers.size());
    const auto space = static_cast<int64_t>(numbers.size() / 4);
    const auto part = [&](int64_t i) { return Shape(numbers.begin() + i * space, numbers.begin() + (i + 1) * space); };
    size = part(0);
    strides = part(1);
    before = part(2);
    after = part(3);
  }

  bool flat() const { return size.size() == 2; }
};

Tensor to_torch(const Tensor& images) { return images.movedim(-1, 1); }
Tensor from_torch(const Tensor& images) { return images.movedim(1, -1); }

/// torch pads alike on both sides and at most half a window, so padding is done here.
Tensor padded(const Tensor& x, const Window& window, double value) {
  Shape padding;
  bool any = false;
  for (size_t axis = window.size.size(); axis-- > 0;) {
    padding.insert(padding.end(), {window.before[axis], window.after[axis]});
    any = any || window.before[axis] != 0 || window.after[axis] != 0;
  }
  return any ? at::constant_pad_nd(x, padding, value) : x;
}

/// Undoes `padded` on a gradient; tfjs's padding may be negative (it then cuts), so this one may pad.
Tensor cropped(const Tensor& x, const Window& window) {
  Shape padding;
  for (size_t axis = window.size.size(); axis-- > 0;) {
    padding.insert(padding.end(), {-window.before[axis], -window.after[axis]});
  }
  return at::constant_pad_nd(x, padding, 0);
}

/// The largest values and their positions in the padded plane; NaN wins.
std::tuple<Tensor, Tensor> pooled_with_nan(const Tensor& x, const Window& window) {
  return window.flat() ? at::max_pool2d_with_indices(x, window.size, window.strides)
                       : at::max_pool3d_with_indices(x, window.size, window.strides);
}

/// The same without NaN, which tfjs ignores. There is hardly ever any, and the sum of the result tells: on the CPU the
/// image is only searched for it then. (Elsewhere, asking would wait for the device.)
std::tuple<Tensor, Tensor> pooled(const Tensor& x, const Window& window) {
  if (!takes_loop(x)) return pooled_with_nan(x.masked_fill(x.isnan(), -INFINITY), window);
  auto result = pooled_with_nan(x, window);
  if (!std::isnan(std::get<0>(result).sum().item<float>())) return result;
  return pooled_with_nan(x.masked_fill(x.isnan(), -INFINITY), window);
}

Tensor max_pool(const Tensor& images, const Shape& numbers) {
  const Window window(numbers);
  const Tensor x = padded(to_torch(images.to(at::kFloat)), window, -INFINITY);
  return from_torch(std::get<0>(pooled(x, window))).to(images.scalar_type());
}
KONTRAST_KERNEL(max_pool);

/// dy goes to the first largest value of each window.
Tensor max_pool_gradient(const Tensor& dy, const Tensor& images, const Shape& numbers) {
  const Window window(numbers);
  const Tensor x = padded(to_torch(images), window, -INFINITY);
  const Tensor positions = std::get<1>(pooled(x, window));
  const Shape none(window.size.size(), 0);
  const Shape ones(window.size.size(), 1);
  const Tensor gradient = to_torch(dy);
  const Tensor dx =
      window.flat()
          ? at::max_pool2d_with_indices_backward(gradient, x, window.size, window.strides, none, ones, false, positions)
          : at::max_pool3d_with_indices_backward(gradient, x, window.size, window.strides, none, ones, false, positions);
  return from_torch(cropped(dx, window));
}
KONTRAST_KERNEL(max_pool_gradient);

/// Positions of the largest values, flattened as (row · width + column) · channels + channel, and with the batch in
/// front if asked for.
std::vector<Tensor> max_pool_with_argmax(const Tensor& images, const Shape& numbers, bool with_batch) {
  const Window window(numbers);
  const Tensor x = padded(to_torch(images), window, -INFINITY);
  const auto [values, positions] = pooled(x, window);
  const int64_t width = x.size(3);
  const int64_t channels = x.size(1);
  const Tensor row = positions.div(width, "floor").sub(window.before[0]);
  const Tensor column = positions.remainder(width).sub(window.before[1]);
  const auto count_to = [&](int64_t count, Shape shape) { return at::arange(count, positions.options()).view(shape); };
  Tensor flat = row.mul(images.size(2)).add(column).mul(channels).add(count_to(channels, {1, channels, 1, 1}));
  if (with_batch) {
    const int64_t image = images.size(1) * images.size(2) * channels;
    flat = flat.add(count_to(images.size(0), {images.size(0), 1, 1, 1}).mul(image));
  }
  return {from_torch(values), from_torch(flat)};
}
KONTRAST_KERNEL(max_pool_with_argmax);

/// Sums over windows.
Tensor window_sums(const Tensor& x, const Window& window) {
  const Shape none(window.size.size(), 0);
  return window.flat() ? at::avg_pool2d(x, window.size, window.strides, none, false, true, 1)
                       : at::avg_pool3d(x, window.size, window.strides, none, false, true, 1);
}

/// How many true pixels each window covers, at least 1: padding does not count. [1, 1, ...space]
Tensor window_counts(const Tensor& x, const Window& window) {
  Shape shape = x.sizes().vec();
  shape[0] = shape[1] = 1;
  return window_sums(padded(at::ones(shape, x.options()), window, 0), window).clamp_min_(1);
}

Tensor average_pool(const Tensor& images, const Shape& numbers) {
  const Window window(numbers);
  const Tensor x = to_torch(images.to(at::kFloat));
  return from_torch(window_sums(padded(x, window, 0), window).div_(window_counts(x, window)));
}
KONTRAST_KERNEL(average_pool);

Tensor average_pool_gradient(const Tensor& dy, const Tensor& images, const Shape& numbers) {
  const Window window(numbers);
  const Tensor x = to_torch(images);
  const Tensor large = padded(x, window, 0);
  const Tensor share = to_torch(dy).div(window_counts(x, window));
  const Shape none(window.size.size(), 0);
  const Tensor dx = window.flat()
                        ? at::avg_pool2d_backward(share, large, window.size, window.strides, none, false, true, 1)
                        : at::avg_pool3d_backward(share, large, window.size, window.strides, none, false, true, 1);
  return from_torch(cropped(dx, window));
}
KONTRAST_KERNEL(average_pool_gradient);

} // namespace
} // namespace kontrast
