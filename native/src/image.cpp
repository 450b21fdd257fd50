// Kernels that resample images [batch, height, width, channels], under their tfjs names.
#include <ATen/Parallel.h>

#include <cmath>

#include "kernel.h"

namespace kontrast {
namespace {

/// Where one row (or column) of the result comes from: (1 − lerp) · low + lerp · high; not at all when outside.
struct Source {
  int64_t low;
  int64_t high;
  float lerp;
  bool inside;
};
using Sources = std::vector<Source>;

double rounded(double x) { return std::floor(x + 0.5); } // as Math.round: halves up

Source nearest(double position, int64_t length) {
  const auto index = static_cast<int64_t>(std::clamp(position, 0.0, static_cast<double>(length - 1)));
  return {index, index, 0, true};
}

Source between(double position, int64_t length) {
  const auto low = static_cast<int64_t>(std::clamp(std::floor(position), 0.0, static_cast<double>(length - 1)));
  const auto high = static_cast<int64_t>(std::clamp(std::ceil(position), 0.0, static_cast<double>(length - 1)));
  return {low, high, static_cast<float>(position - static_cast<double>(low)), true};
}

/// The sources of an axis that is resized from `from` to `to` pixels.
Sources resize_sources(int64_t from, int64_t to, bool align_corners, bool half_pixels, bool bilinear) {
  const bool corners = align_corners && to > 1;
  const double ratio = static_cast<double>(corners ? from - 1 : from) / static_cast<double>(corners ? to - 1 : to);
  Sources sources;
  for (int64_t i = 0; i < to; ++i) {
    const double position = ratio * (static_cast<double>(i) + (half_pixels ? 0.5 : 0));
    if (bilinear) sources.push_back(between(position - (half_pixels ? 0.5 : 0), from));
    else sources.push_back(nearest(align_corners ? rounded(position) : std::floor(position), from));
  }
  return sources;
}

/// The sources of an axis of which the part from `begin` to `end` (0 and 1: centers of the border pixels) is resized.
Sources crop_sources(double begin, double end, int64_t from, int64_t to, bool bilinear) {
  const auto last = static_cast<double>(from - 1);
  const double scale = to > 1 ? (end - begin) * last / static_cast<double>(to - 1) : 0;
  Sources sources;
  for (int64_t i = 0; i < to; ++i) {
    const double position = to > 1 ? begin * last + static_cast<double>(i) * scale : 0.5 * (begin + end) * last;
    Source source = bilinear ? between(position, from) : nearest(rounded(position), from);
    source.inside = position >= 0 && position <= last;
    sources.push_back(source);
  }
  return sources;
}

/// Draws one image [rows, columns, channels] from another that is `width` pixels wide.
void draw(const float* image, int64_t width, int64_t channels, const Sources& rows, const Sources& columns,
          float outside, float* result) {
  for (const Source& row : rows) {
    const float* top = image + row.low * width * channels;
    const float* bottom = image + row.high * width * channels;
    for (const Source& column : columns) {
      if (!row.inside || !column.inside) {
        for (int64_t c = 0; c < channels; ++c) *result++ = outside;
        continue;
      }
      const int64_t left = column.low * channels;
      const int64_t right = column.high * channels;
      for (int64_t c = 0; c < channels; ++c) {
        const float above = top[left + c] + (top[right + c] - top[left + c]) * column.lerp;
        const float below = bottom[left + c] + (bottom[right + c] - bottom[left + c]) * column.lerp;
        *result++ = above + (below - above) * row.lerp;
      }
    }
  }
}

/// The transposed of `draw`: adds the gradient of the result to the gradient of the image.
void draw_back(const float* gradient, int64_t width, int64_t channels, const Sources& rows, const Sources& columns,
               float* image) {
  for (const Source& row : rows) {
    float* top = image + row.low * width * channels;
    float* bottom = image + row.high * width * channels;
    for (const Source& column : columns) {
      const int64_t left = column.low * channels;
      const int64_t right = column.high * channels;
      for (int64_t c = 0; c < channels; ++c) {
        const float value = *gradient++;
        const float below = value * row.lerp;
        const float above = value - below;
        top[left + c] += above * (1 - column.lerp);
        top[right + c] += above * column.lerp;
        bottom[left + c] += below * (1 - column.lerp);
        bottom[right + c] += below * column.lerp;
      }
    }
  }
}

/// Bilinear: float32. Nearest neighbor: the dtype of the images.
Tensor resize(const Tensor& images, const Shape& size, bool align_corners, bool half_pixels, bool bilinear) {
  require_images(images, size);
  const Tensor x = images.to(at::kFloat);
  const int64_t channels = x.size(3);
  Tensor result = at::empty({x.size(0), size[0], size[1], channels}, x.options());
  const Sources rows = resize_sources(x.size(1), size[0], align_corners, half_pixels, bilinear);
  const Sources columns = resize_sources(x.size(2), size[1], align_corners, half_pixels, bilinear);
  const float* from = x.data_ptr<float>();
  float* to = result.data_ptr<float>();
  at::parallel_for(0, x.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      draw(from + i * x.stride(0), x.size(2), channels, rows, columns, 0, to + i * result.stride(0));
    }
  });
  return bilinear ? result : result.to(images.scalar_type());
}
KONTRAST_KERNEL(resize);

/// Gradient of the images, of the given height and width.
Tensor resize_gradient(const Tensor& dy, const Shape& size, bool align_corners, bool half_pixels, bool bilinear) {
  require_images(dy, size);
  require(size[0] > 0 && size[1] > 0, "the images must have pixels, got size ", at::IntArrayRef(size));
  const int64_t channels = dy.size(3);
  Tensor result = at::zeros({dy.size(0), size[0], size[1], channels}, dy.options());
  const Sources rows = resize_sources(size[0], dy.size(1), align_corners, half_pixels, bilinear);
  const Sources columns = resize_sources(size[1], dy.size(2), align_corners, half_pixels, bilinear);
  const float* from = dy.data_ptr<float>();
  float* to = result.data_ptr<float>();
  at::parallel_for(0, dy.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      draw_back(from + i * dy.stride(0), size[1], channels, rows, columns, to + i * result.stride(0));
    }
  });
  return result;
}
KONTRAST_KERNEL(resize_gradient);

/// Cuts boxes [n, (y1, x1, y2, x2)], in [0, 1] between the centers of the border pixels, out of the images named by
/// `owners` [n], and resizes them; what lies outside of the image gets the value `outside`.
Tensor CropAndResize(const Tensor& images, const Tensor& boxes, const Tensor& owners, const Shape& size, bool bilinear,
                     double outside) {
  require_images(images, size);
  const Tensor x = images.to(at::kFloat);
  const Tensor corners = boxes.to(at::kFloat);
  const Tensor indices = owners.to(at::kInt);
  require(corners.dim() == 2 && corners.size(1) == 4 && indices.numel() == corners.size(0),
          "boxes must be [n, 4] and the image indices [n]");
  const int64_t height = x.size(1);
  const int64_t width = x.size(2);
  const int32_t* owner = indices.data_ptr<int32_t>();
  for (int64_t i = 0; i < indices.numel(); ++i) {
    require(owner[i] >= 0 && owner[i] < x.size(0), "image index ", owner[i], " must be in [0, ", x.size(0), ")");
  }
  Tensor result = at::empty({corners.size(0), size[0], size[1], x.size(3)}, x.options());
  const float* from = x.data_ptr<float>();
  float* to = result.data_ptr<float>();
  at::parallel_for(0, corners.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const float* box = corners.data_ptr<float>() + 4 * i;
      draw(from + owner[i] * x.stride(0), width, x.size(3), crop_sources(box[0], box[2], height, size[0], bilinear),
           crop_sources(box[1], box[3], width, size[1], bilinear), static_cast<float>(outside),
           to + i * result.stride(0));
    }
  });
  return result;
}
KONTRAST_KERNEL(CropAndResize);

} // namespace
} // namespace kontrast
