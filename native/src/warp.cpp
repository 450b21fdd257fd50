// Projective transforms of images [batch, height, width, channels] (TensorFlow's ImageProjectiveTransformV3), and
// rotation.
#include <ATen/Parallel.h>

#include <cmath>

#include "kernel.h"

namespace kontrast {
namespace {

/// What lies outside of an image of `length` pixels; the formulas are TensorFlow's (kernels/image/image_ops.h).
double folded(double position, double length, const std::string& mode) {
  if (mode == "constant") return position;
  if (mode == "nearest" || length <= 1) return std::clamp(position, 0.0, length - 1);
  if (mode == "wrap") {
    const double period = length - 1;
    if (position < 0) position += length * (std::trunc(-position / period) + 1);
    else if (position > length - 1) position -= length * std::trunc(position / period);
  } else { // reflect: [dcba|abcd|dcba]
    const double period = 2 * length;
    if (position < 0) {
      position += period * std::trunc(-position / period);
      position = position < -length ? position + period : -position - 1;
    } else if (position > length - 1) {
      position -= period * std::trunc(position / period);
      if (position >= length) position = period - position - 1;
    }
  }
  return std::clamp(position, 0.0, length - 1);
}

struct Image {
  const float* data;
  int64_t height;
  int64_t width;
  int64_t channels;
  float outside;

  float at(int64_t y, int64_t x, int64_t channel) const {
    const bool inside = y >= 0 && y < height && x >= 0 && x < width;
    return inside ? data[(y * width + x) * channels + channel] : outside;
  }

  float between(double y, double x, int64_t channel) const {
    const auto row = static_cast<int64_t>(std::floor(y));
    const auto column = static_cast<int64_t>(std::floor(x));
    const auto down = static_cast<float>(y - static_cast<double>(row));
    const auto right = static_cast<float>(x - static_cast<double>(column));
    const float above = (1 - right) * at(row, column, channel) + right * at(row, column + 1, channel);
    const float below = (1 - right) * at(row + 1, column, channel) + right * at(row + 1, column + 1, channel);
    return (1 - down) * above + down * below;
  }
};

/// Pixel (x, y) of the result is taken from ((a x + b y + c) / k, (d x + e y + f) / k) with k = g x + h y + 1, where
/// a … h is a row of transforms [batch or 1, 8].
Tensor Transform(const Tensor& images, const Tensor& transforms, const std::string& interpolation,
                 const std::string& mode, double outside, const Shape& size) {
  require_images(images, size);
  const Tensor x = images.to(at::kFloat);
  const Tensor rows = transforms.to(at::kFloat);
  require(rows.dim() == 2 && rows.size(1) == 8 && (rows.size(0) == 1 || rows.size(0) == x.size(0)),
          "transforms must be [1, 8] or [batch, 8]");
  const bool bilinear = interpolation == "bilinear";
  Tensor result = at::empty({x.size(0), size[0], size[1], x.size(3)}, x.options());
  const auto fill = static_cast<float>(outside);
  const float* from = x.data_ptr<float>();
  float* to = result.data_ptr<float>();
  at::parallel_for(0, x.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const Image image{from + i * x.stride(0), x.size(1), x.size(2), x.size(3), fill};
      const float* t = rows.data_ptr<float>() + (rows.size(0) == 1 ? 0 : 8 * i);
      float* pixel = to + i * result.stride(0);
      for (int64_t v = 0; v < size[0]; ++v) {
        for (int64_t u = 0; u < size[1]; ++u, pixel += image.channels) {
          const double k = t[6] * u + t[7] * v + 1;
          if (k == 0) {
            std::fill(pixel, pixel + image.channels, fill);
            continue;
          }
          const double column = folded((t[0] * u + t[1] * v + t[2]) / k, image.width, mode);
          const double row = folded((t[3] * u + t[4] * v + t[5]) / k, image.height, mode);
          const bool far = !(std::abs(column) < 1e9 && std::abs(row) < 1e9);
          for (int64_t c = 0; c < image.channels; ++c) {
            pixel[c] = far ? fill
                       : bilinear
                           ? image.between(row, column, c)
                           : image.at(static_cast<int64_t>(std::floor(row + 0.5)),
                                      static_cast<int64_t>(std::floor(column + 0.5)), c);
          }
        }
      }
    }
  });
  return result.to(images.scalar_type());
}
KONTRAST_KERNEL(Transform);

/// Rotates by an angle about a center (x, y), nearest pixel; `fill` has one value per channel.
Tensor RotateWithOffset(const Tensor& images, double radians, const std::vector<double>& center,
                        const std::vector<double>& fill) {
  require(images.dim() == 4 && static_cast<int64_t>(fill.size()) == images.size(3) && center.size() == 2,
          "expected images [batch, height, width, channels], one fill value per channel and a center (x, y)");
  const Tensor x = images.to(at::kFloat);
  Tensor result = at::empty_like(x);
  const double sine = std::sin(radians);
  const double cosine = std::cos(radians);
  float* pixel = result.data_ptr<float>();
  for (int64_t i = 0; i < x.size(0); ++i) {
    const Image image{x.data_ptr<float>() + i * x.stride(0), x.size(1), x.size(2), x.size(3), 0};
    for (int64_t v = 0; v < image.height; ++v) {
      for (int64_t u = 0; u < image.width; ++u) {
        const double right = static_cast<double>(u) - center[0];
        const double down = static_cast<double>(v) - center[1];
        const auto column = static_cast<int64_t>(std::floor(right * cosine - down * sine + center[0] + 0.5));
        const auto row = static_cast<int64_t>(std::floor(right * sine + down * cosine + center[1] + 0.5));
        const bool inside = row >= 0 && row < image.height && column >= 0 && column < image.width;
        for (int64_t c = 0; c < image.channels; ++c) {
          *pixel++ = inside ? image.at(row, column, c) : static_cast<float>(fill[c]);
        }
      }
    }
  }
  return result.to(images.scalar_type());
}
KONTRAST_KERNEL(RotateWithOffset);

} // namespace
} // namespace kontrast
