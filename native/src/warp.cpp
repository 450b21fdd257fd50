// Projective transforms of images [batch, height, width, channels] (TensorFlow's ImageProjectiveTransformV3), and
// rotation.
#include <ATen/Parallel.h>

#include <cmath>

#include "device.h"
#include "kernel.h"
#include "transfer.h"

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

/// `folded`, composed.
Tensor folded(const Tensor& position, double length, const std::string& mode) {
  if (mode == "constant") return position;
  if (mode == "nearest" || length <= 1) return position.clamp(0, length - 1);
  Tensor before, behind;
  if (mode == "wrap") {
    const double period = length - 1;
    before = position + ((-position / period).trunc() + 1) * length;
    behind = position - (position / period).trunc() * length;
  } else {
    const double period = 2 * length;
    before = position + (-position / period).trunc() * period;
    before = at::where(before.lt(-length), before + period, -before - 1);
    behind = position - (position / period).trunc() * period;
    behind = at::where(behind.ge(length), -behind + period - 1, behind);
  }
  const Tensor within = at::where(position.gt(length - 1), behind, position);
  return at::where(position.lt(0), before, within).clamp(0, length - 1);
}

/// `Image::at`, composed: pixels [n, rows, columns, channels] of x at whole positions [n or 1, rows, columns].
Tensor pixels(const Tensor& x, const Tensor& rows, const Tensor& columns, const Tensor& outside) {
  const int64_t height = x.size(1), width = x.size(2);
  const Tensor inside = rows.ge(0).logical_and(rows.lt(height)).logical_and(columns.ge(0)).logical_and(columns.lt(width));
  const Tensor image = at::arange(x.size(0), rows.options()).view({-1, 1, 1});
  const Tensor found = at::index(x, {image, rows.clamp(0, height - 1), columns.clamp(0, width - 1)});
  return at::where(inside.unsqueeze(-1), found, outside);
}

/// `Image::between`, composed, at positions in double.
Tensor pixels_between(const Tensor& x, const Tensor& rows, const Tensor& columns, const Tensor& outside) {
  const Tensor top = rows.floor(), left = columns.floor();
  const Tensor down = (rows - top).to(at::kFloat).unsqueeze(-1);
  const Tensor right = (columns - left).to(at::kFloat).unsqueeze(-1);
  const Tensor row = top.to(at::kLong), column = left.to(at::kLong);
  const auto line = [&](const Tensor& y) {
    return (1 - right) * pixels(x, y, column, outside) + right * pixels(x, y, column + 1, outside);
  };
  return (1 - down) * line(row) + down * line(row + 1);
}

/// 0 … count − 1 along the rows (axis 1) or the columns (axis 2) of a result.
Tensor count_along(int64_t axis, int64_t count, const at::TensorOptions& options) {
  return at::arange(count, options).view({1, axis == 1 ? count : 1, axis == 2 ? count : 1});
}

/// Transform, composed; x and rows are float32.
Tensor transformed(const Tensor& x, const Tensor& rows, bool bilinear, const std::string& mode, double outside,
                   const Shape& size) {
  const Tensor v = count_along(1, size[0], x.options()), u = count_along(2, size[1], x.options());
  const auto t = [&](int64_t i) { return rows.narrow(1, i, 1).view({-1, 1, 1}); };
  const Tensor k = (t(6) * u + t(7) * v + 1).to(at::kDouble);
  const Tensor column = folded((t(0) * u + t(1) * v + t(2)) / k, static_cast<double>(x.size(2)), mode);
  const Tensor row = folded((t(3) * u + t(4) * v + t(5)) / k, static_cast<double>(x.size(1)), mode);
  const Tensor near = column.abs().lt(1e9).logical_and(row.abs().lt(1e9)).logical_and(k.ne(0));
  const Tensor fill = at::full({1}, outside, x.options());
  const Tensor y = at::where(near, row, 0.0), z = at::where(near, column, 0.0);
  const Tensor taken = bilinear ? pixels_between(x, y, z, fill)
                                : pixels(x, (y + 0.5).floor().to(at::kLong), (z + 0.5).floor().to(at::kLong), fill);
  return at::where(near.unsqueeze(-1), taken, fill);
}

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
  if (!takes_loop(x)) return transformed(x, rows, bilinear, mode, outside, size).to(images.scalar_type());
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
  const double sine = std::sin(radians);
  const double cosine = std::cos(radians);
  if (!takes_loop(x)) {
    const at::TensorOptions options = x.options().dtype(at::kDouble);
    const Tensor right = count_along(2, x.size(2), options) - center[0];
    const Tensor down = count_along(1, x.size(1), options) - center[1];
    const Tensor column = (right * cosine - down * sine + center[0] + 0.5).floor();
    const Tensor row = (right * sine + down * cosine + center[1] + 0.5).floor();
    const Tensor outside = table(std::vector<float>(fill.begin(), fill.begin() + x.size(3)), at::kFloat, x);
    return pixels(x, row.to(at::kLong), column.to(at::kLong), outside).to(images.scalar_type());
  }
  Tensor result = at::empty_like(x);
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
