// Kernels that resample images [batch, height, width, channels], under their tfjs names.
#include <ATen/Parallel.h>

#include <cmath>

#include "device.h"
#include "kernel.h"
#include "transfer.h"

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

/// The sources of an axis as tensors, for the compositions.
struct SourceTable {
  Tensor low;
  Tensor high;
  Tensor lerp;

  SourceTable(const Sources& sources, const Tensor& like) {
    std::vector<int64_t> lows, highs;
    std::vector<float> lerps;
    for (const Source& source : sources) {
      lows.push_back(source.low);
      highs.push_back(source.high);
      lerps.push_back(source.lerp);
    }
    low = table(lows, at::kLong, like);
    high = table(highs, at::kLong, like);
    lerp = table(lerps, at::kFloat, like);
  }
};

/// `draw`, composed: all images at once.
Tensor drawn(const Tensor& x, const Sources& rows, const Sources& columns) {
  const SourceTable vertical(rows, x), horizontal(columns, x);
  const Tensor right = horizontal.lerp.view({1, 1, -1, 1});
  const auto line = [&](const Tensor& row) {
    const Tensor pixels = x.index_select(1, row);
    const Tensor left = pixels.index_select(2, horizontal.low);
    return left + (pixels.index_select(2, horizontal.high) - left) * right;
  };
  const Tensor above = line(vertical.low);
  return above + (line(vertical.high) - above) * vertical.lerp.view({1, -1, 1, 1});
}

/// `draw_back`, composed.
Tensor drawn_back(const Tensor& dy, const Shape& shape, const Sources& rows, const Sources& columns) {
  const SourceTable vertical(rows, dy), horizontal(columns, dy);
  const Tensor below = dy * vertical.lerp.view({1, -1, 1, 1});
  const Tensor lines = at::zeros({shape[0], shape[1], dy.size(2), shape[3]}, dy.options())
                           .index_add_(1, vertical.low, dy - below)
                           .index_add_(1, vertical.high, below);
  const Tensor right = lines * horizontal.lerp.view({1, 1, -1, 1});
  return at::zeros(shape, dy.options()).index_add_(2, horizontal.low, lines - right).index_add_(2, horizontal.high, right);
}

/// Bilinear: float32. Nearest neighbor: the dtype of the images.
Tensor resize(const Tensor& images, const Shape& size, bool align_corners, bool half_pixels, bool bilinear) {
  require_images(images, size);
  const Tensor x = images.to(at::kFloat);
  const int64_t channels = x.size(3);
  Tensor result = at::empty({x.size(0), size[0], size[1], channels}, x.options());
  const Sources rows = resize_sources(x.size(1), size[0], align_corners, half_pixels, bilinear);
  const Sources columns = resize_sources(x.size(2), size[1], align_corners, half_pixels, bilinear);
  if (!takes_loop(x)) return drawn(x, rows, columns).to(bilinear ? at::kFloat : images.scalar_type());
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
  if (!takes_loop(dy)) return drawn_back(dy, result.sizes().vec(), rows, columns);
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

/// `crop_sources`, composed: positions [n, to] of the boxes' parts from `begin` [n, 1] to `end` [n, 1].
Tensor crop_positions(const Tensor& begin, const Tensor& end, int64_t from, int64_t to) {
  const auto last = static_cast<double>(from - 1);
  if (to <= 1) return ((begin + end) * 0.5 * last).expand({begin.size(0), to});
  const Tensor scale = (end - begin) * last / static_cast<double>(to - 1);
  return begin * last + at::arange(to, begin.options()) * scale;
}

/// `draw` of each box from its own image, composed.
Tensor cropped(const Tensor& x, const Tensor& boxes, const Tensor& owners, const Shape& size, bool bilinear, double outside) {
  const Tensor corners = boxes.to(at::kDouble); // as the loop computes
  const auto corner = [&](int64_t i) { return corners.narrow(1, i, 1); };
  const Tensor rows = crop_positions(corner(0), corner(2), x.size(1), size[0]).unsqueeze(2);
  const Tensor columns = crop_positions(corner(1), corner(3), x.size(2), size[1]).unsqueeze(1);
  const auto inside = [](const Tensor& at, int64_t length) { return at.ge(0).logical_and(at.le(length - 1)); };
  const auto pixel = [](const Tensor& at, int64_t length) { return at.clamp(0, length - 1).to(at::kLong); };
  const Tensor owner = owners.to(at::kLong).view({-1, 1, 1});
  const auto taken = [&](const Tensor& row, const Tensor& column) {
    return at::index(x, {owner, pixel(row, x.size(1)), pixel(column, x.size(2))});
  };
  Tensor result;
  if (bilinear) {
    const Tensor top = rows.floor(), left = columns.floor();
    const Tensor down = (rows - pixel(top, x.size(1))).to(at::kFloat).unsqueeze(-1);
    const Tensor right = (columns - pixel(left, x.size(2))).to(at::kFloat).unsqueeze(-1);
    const auto line = [&](const Tensor& row) {
      const Tensor first = taken(row, left);
      return first + (taken(row, columns.ceil()) - first) * right;
    };
    const Tensor above = line(top);
    result = above + (line(rows.ceil()) - above) * down;
  } else {
    result = taken((rows + 0.5).floor(), (columns + 0.5).floor());
  }
  const Tensor within = inside(rows, x.size(1)).logical_and(inside(columns, x.size(2))).unsqueeze(-1);
  return at::where(within, result, outside);
}

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
  if (!takes_loop(x)) {
    if (indices.numel() == 0) return at::empty({0, size[0], size[1], x.size(3)}, x.options());
    if (can_look(indices)) {
      const auto [low, high] = extremes(indices);
      require(low >= 0 && high < x.size(0), "image index ", low < 0 ? low : high, " must be in [0, ", x.size(0), ")");
    }
    return cropped(x, corners, indices, size, bilinear, outside);
  }
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
