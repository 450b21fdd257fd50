// Blurs each image of a batch with a kernel of its own, one axis after the other.
#include <ATen/Parallel.h>

#include "attributes.h"
#include "device.h"
#include "lines.h"
#include "transfer.h"

namespace kontrast {
namespace {

/// The border pixel is the mirror and is not repeated: −1 → 1.
int64_t reflected(int64_t at, int64_t extent) {
  const int64_t inside = at < 0 ? -at : at;
  return inside < extent ? inside : 2 * (extent - 1) - inside;
}

/// Images summed along one axis (1 rows, 2 columns) with weights [n, taps], composed.
Tensor blurred(const Tensor& x, const Tensor& weights, int64_t axis) {
  const int64_t extent = x.size(axis), taps = weights.size(1);
  Tensor sum;
  for (int64_t tap = 0; tap < taps; ++tap) {
    std::vector<int64_t> sources(extent);
    for (int64_t at = 0; at < extent; ++at) sources[at] = reflected(at + tap - taps / 2, extent);
    const Tensor part = x.index_select(axis, table(sources, at::kLong, x)) * weights.narrow(1, tap, 1).view({-1, 1, 1, 1});
    sum = tap == 0 ? part : sum + part;
  }
  return sum;
}

/// Sums each image [n, h, w, c] along rows and columns with its own weights; borders are reflected.
///   weights: `taps` (odd) per image, which add up to 1; an image whose middle weight is 1 stays as it is
Tensor GaussianBlur(const Tensor& images, const HostData& weights, int64_t taps) {
  require(images.dim() == 4, "images must be [batch, height, width, channels], got ", images.sizes());
  const int64_t n = images.size(0), height = images.size(1), width = images.size(2), channels = images.size(3);
  const int64_t half = taps / 2;
  require(taps > 0 && taps % 2 == 1, "the number of taps must be odd, got ", taps);
  require(half < height && half < width, "the image must be larger than ", half, " pixels, got ", images.sizes());
  const auto* weight = values<float>(weights, at::kFloat, n * taps, "weights");
  if (!takes_loop(images)) {
    const Tensor all = table(std::vector<float>(weight, weight + n * taps), at::kFloat, images).view({n, taps});
    const Tensor stays = all.narrow(1, half, 1).eq(1).view({n, 1, 1, 1});
    return at::where(stays, images, blurred(blurred(images, all, 1), all, 2));
  }
  Tensor result = at::empty_like(images);
  const int64_t extent = height * width * channels;
  const float* from = images.data_ptr<float>();
  float* to = result.data_ptr<float>();
  at::parallel_for(0, n, 1, [&](int64_t begin, int64_t end) {
    std::vector<float> padded((width + 2 * half) * channels);
    std::vector<const float*> rows(taps), columns(taps);
    for (int64_t tap = 0; tap < taps; ++tap) columns[tap] = padded.data() + tap * channels;
    for (int64_t i = begin; i < end; ++i) {
      const float* own = weight + i * taps;
      if (own[half] == 1) {
        std::copy_n(from + i * extent, extent, to + i * extent);
        continue;
      }
      for (int64_t y = 0; y < height; ++y) {
        for (int64_t tap = 0; tap < taps; ++tap)
          rows[tap] = from + i * extent + reflected(y + tap - half, height) * width * channels;
        float* const line = padded.data() + half * channels;
        weigh_lines(rows.data(), own, taps, line, width * channels);
        for (int64_t x = 1; x <= half; ++x) {
          std::copy_n(line + x * channels, channels, line - x * channels);
          std::copy_n(line + (width - 1 - x) * channels, channels, line + (width - 1 + x) * channels);
        }
        weigh_lines(columns.data(), own, taps, to + i * extent + y * width * channels, width * channels);
      }
    }
  });
  return result;
}
KONTRAST_KERNEL(GaussianBlur);

} // namespace
} // namespace kontrast
