// Cuts a box out of each image of a batch and resizes it, one axis after the other.
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "attributes.h"
#include "device.h"
#include "lines.h"
#include "transfer.h"

namespace kontrast {
namespace {

/// Where each output row (or column) of one image comes from: a run of input rows, with weights that add up to 1.
class Samples {
 public:
  explicit Samples(int64_t size) : first_(size), count_(size) {}

  int64_t size() const { return static_cast<int64_t>(first_.size()); }
  /// First row of the run.
  int64_t first(int64_t i) const { return first_[i]; }
  /// Rows in the run.
  int64_t count(int64_t i) const { return count_[i]; }
  /// The longest run.
  int64_t most() const { return most_; }
  const float* weights(int64_t i) const { return weights_.data() + i * most_; }

  /// Samples a window of `extent` rows from `start` at pixel centres, bilinearly; beyond its edge the window repeats its
  /// outermost rows. With `antialias` a window that is made smaller is averaged over all its rows, as Pillow does it.
  void place(int64_t start, int64_t extent, bool antialias) {
    if (antialias && size() > 0 && extent > size()) average(start, extent);
    else interpolate(start, extent);
  }

 private:
  void interpolate(int64_t start, int64_t extent) {
    resize(2);
    for (int64_t i = 0; i < size(); ++i) {
      const double at = std::max(0.0, (static_cast<double>(i) + 0.5) * scale(extent) - 0.5);
      const int64_t first = std::min(static_cast<int64_t>(at), extent - 1);
      const auto share = static_cast<float>(at - static_cast<double>(first));
      first_[i] = start + first;
      count_[i] = first + 1 < extent ? 2 : 1;
      weights_[2 * i] = count_[i] == 2 ? 1 - share : 1;
      weights_[2 * i + 1] = count_[i] == 2 ? share : 0;
    }
  }

  /// Weights fall linearly to 0 at a distance of `scale` from the middle of the output row.
  void average(int64_t start, int64_t extent) {
    const double reach = scale(extent);
    resize(static_cast<int64_t>(2 * reach) + 1);
    std::fill(weights_.begin(), weights_.end(), 0.0f);
    for (int64_t i = 0; i < size(); ++i) {
      const double middle = (static_cast<double>(i) + 0.5) * reach;
      const int64_t first = std::max<int64_t>(0, static_cast<int64_t>(middle - reach + 0.5));
      // No run is longer than `most`; should rounding say so, the row left out would have next to no weight.
      const int64_t end = std::min({extent, first + most_, static_cast<int64_t>(middle + reach + 0.5)});
      const auto weight = [&](int64_t row) {
        return std::max(0.0, 1 - std::abs(static_cast<double>(row) + 0.5 - middle) / reach);
      };
      double sum = 0;
      for (int64_t row = first; row < end; ++row) sum += weight(row);
      for (int64_t row = first; row < end; ++row)
        weights_[i * most_ + row - first] = static_cast<float>(weight(row) / sum);
      first_[i] = start + first;
      count_[i] = end - first;
    }
  }

  double scale(int64_t extent) const { return static_cast<double>(extent) / static_cast<double>(size()); }

  void resize(int64_t most) {
    most_ = most;
    weights_.resize(size() * most);
  }

  std::vector<int64_t> first_;
  std::vector<int64_t> count_;
  std::vector<float> weights_;
  int64_t most_ = 0;
};

/// Samples of all images along one axis of `length` pixels, one [n, length] table of rows and one of weights per tap.
class SampleTables {
 public:
  /// Start and extent of image i are box[4 i + first] and box[4 i + first + 2].
  SampleTables(const int32_t* box, int64_t first, int64_t n, int64_t length, bool antialias, const Tensor& like)
      : shape_{n, length}, like_(like) {
    Samples line(length);
    for (int64_t i = 0; i < n; ++i) {
      line.place(box[4 * i + first], box[4 * i + first + 2], antialias);
      const auto taps = static_cast<size_t>(line.most());
      if (taps > rows_.size()) {
        rows_.resize(taps, std::vector<int64_t>(n * length, 0));
        weights_.resize(taps, std::vector<float>(n * length, 0));
      }
      for (int64_t k = 0; k < length; ++k) {
        for (int64_t tap = 0; tap < line.count(k); ++tap) {
          rows_[tap][i * length + k] = line.first(k) + tap;
          weights_[tap][i * length + k] = line.weights(k)[tap];
        }
      }
    }
  }

  /// Σ over the taps of weight · taken(rows), where `taken` looks rows up and `spread` gives the weights its shape.
  template <class Taken>
  Tensor sum(const Taken& taken, at::IntArrayRef spread) const {
    Tensor total;
    for (size_t tap = 0; tap < rows_.size(); ++tap) {
      const Tensor part = taken(table(rows_[tap], at::kLong, like_).view(shape_)) *
                          table(weights_[tap], at::kFloat, like_).view(spread);
      total = tap == 0 ? part : total + part;
    }
    return total;
  }

 private:
  Shape shape_;
  Tensor like_;
  std::vector<std::vector<int64_t>> rows_;
  std::vector<std::vector<float>> weights_;
};

/// ResizedCrop, composed.
Tensor resized_crop(const Tensor& x, const int32_t* box, const Shape& size, bool antialias) {
  const int64_t n = x.size(0);
  if (n == 0 || size[0] == 0 || size[1] == 0) return at::empty({n, size[0], size[1], x.size(3)}, x.options());
  const Tensor image = at::arange(n, x.options().dtype(at::kLong)).view({n, 1});
  const Tensor line = at::arange(size[0], x.options().dtype(at::kLong)).view({1, -1, 1});
  const SampleTables rows(box, 0, n, size[0], antialias, x), columns(box, 1, n, size[1], antialias, x);
  const Tensor lines = rows.sum([&](const Tensor& row) { return at::index(x, {image, row}); }, {n, -1, 1, 1});
  return columns.sum([&](const Tensor& column) { return at::index(lines, {image.unsqueeze(2), line, column.unsqueeze(1)}); },
                     {n, 1, -1, 1});
}

/// One line of a crop from a line of its image, both of pixels with `channels` values. C: the same number, if it is known
/// when this is compiled; else 0.
template <int C>
void sample_line(const float* line, const Samples& columns, int64_t channels, float* pixel) {
  const int64_t count = C == 0 ? channels : C;
  for (int64_t i = 0; i < columns.size(); ++i, pixel += count) {
    const float* from = line + columns.first(i) * count;
    const float* weight = columns.weights(i);
    for (int64_t c = 0; c < count; ++c) pixel[c] = from[c] * weight[0];
    for (int64_t tap = 1; tap < columns.count(i); ++tap)
      for (int64_t c = 0; c < count; ++c) pixel[c] += from[tap * count + c] * weight[tap];
  }
}

/// Cuts a box [top, left, height, width] out of each image [n, h, w, c] and resizes it bilinearly to `size`.
Tensor ResizedCrop(const Tensor& images, const HostData& boxes, const Shape& size, bool antialias) {
  require_images(images, size);
  const int64_t n = images.size(0), height = images.size(1), width = images.size(2), channels = images.size(3);
  const auto* box = values<int32_t>(boxes, at::kInt, 4 * n, "boxes");
  for (int64_t i = 0; i < n; ++i) {
    const int32_t* const b = box + 4 * i;
    const int64_t bottom = static_cast<int64_t>(b[0]) + b[2], right = static_cast<int64_t>(b[1]) + b[3];
    require(b[0] >= 0 && b[1] >= 0 && b[2] > 0 && b[3] > 0 && bottom <= height && right <= width,
            "boxes [top, left, height, width] must lie in the image, got [", b[0], ", ", b[1], ", ", b[2], ", ", b[3], "]");
  }
  if (!takes_loop(images)) return resized_crop(images, box, size, antialias);
  Tensor result = at::empty({n, size[0], size[1], channels}, images.options());
  const float* from = images.data_ptr<float>();
  float* to = result.data_ptr<float>();
  const auto sample = channels == 3 ? sample_line<3> : channels == 1 ? sample_line<1> : sample_line<0>;
  at::parallel_for(0, n, 4, [&](int64_t begin, int64_t end) {
    Samples rows(size[0]), columns(size[1]);
    std::vector<float> line(width * channels);
    std::vector<const float*> sources;
    for (int64_t i = begin; i < end; ++i) {
      const int64_t left = box[4 * i + 1], across = box[4 * i + 3];
      rows.place(box[4 * i], box[4 * i + 2], antialias);
      columns.place(0, across, antialias); // of a line that begins at the box
      const float* image = from + i * images.stride(0) + left * channels;
      float* pixel = to + i * result.stride(0);
      for (int64_t row = 0; row < size[0]; ++row, pixel += size[1] * channels) {
        sources.clear();
        for (int64_t tap = 0; tap < rows.count(row); ++tap)
          sources.push_back(image + (rows.first(row) + tap) * width * channels);
        weigh_lines(sources.data(), rows.weights(row), rows.count(row), line.data(), across * channels);
        sample(line.data(), columns, channels, pixel);
      }
    }
  });
  return result;
}
KONTRAST_KERNEL(ResizedCrop);

} // namespace
} // namespace kontrast
