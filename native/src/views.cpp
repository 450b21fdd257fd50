// Augmentations of whole batches in one pass over the pixels; values as torchvision's functions on tensors give them.
#include <ATen/Parallel.h>

#include <algorithm>

#include "attributes.h"
#include "colors.h"
#include "device.h"
#include "transfer.h"

namespace kontrast {
namespace {

/// Mirrors some images [n, h, w, c] top to bottom (axis 1) or left to right (axis 2). flipped: one value per image, 0 or 1
Tensor FlipImages(const Tensor& images, const HostData& flipped, int64_t axis) {
  require(images.dim() == 4, "images must be [batch, height, width, channels], got ", images.sizes());
  require(axis == 1 || axis == 2, "axis must be 1 or 2, got ", axis);
  const int64_t n = images.size(0), height = images.size(1), width = images.size(2), channels = images.size(3);
  const auto* flip = values<uint8_t>(flipped, at::kByte, n, "flipped");
  if (!takes_loop(images)) {
    const auto chosen = at::from_blob(const_cast<uint8_t*>(flip), {n, 1, 1, 1}, at::kByte).to(at::kBool);
    return at::where(chosen.to(images.device()), images.flip(axis), images);
  }
  Tensor result = at::empty_like(images);
  const int64_t line = width * channels, extent = height * line;
  const float* from = images.data_ptr<float>();
  float* to = result.data_ptr<float>();
  at::parallel_for(0, n, 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      if (flip[i] == 0) {
        std::copy_n(from + i * extent, extent, to + i * extent);
        continue;
      }
      for (int64_t y = 0; y < height; ++y) {
        const float* const source = from + i * extent + (axis == 1 ? height - 1 - y : y) * line;
        float* const target = to + i * extent + y * line;
        if (axis == 1) {
          std::copy_n(source, line, target);
          continue;
        }
        for (int64_t x = 0; x < width; ++x)
          for (int64_t c = 0; c < channels; ++c) target[x * channels + c] = source[(width - 1 - x) * channels + c];
      }
    }
  });
  return result;
}
KONTRAST_KERNEL(FlipImages);

/// One change of images [m, pixels, 1 or 3] with a factor [m, 1, 1] each, composed: 0 brightness … 3 hue.
Tensor changed(const Tensor& x, const Tensor& factor, int32_t change) {
  if (change == 0) return (x * factor).clamp_(0, 1);
  if (change > 1 && x.size(2) != 3) return x;
  if (change == 3) {
    const Tensor colors = table(std::vector<double>{3, 1, -1}, at::kDouble, x); // 5 − 2 c − 2
    const Tensor turn = colors + factor.to(at::kDouble) * 6;
    const Tensor offset = (turn - ((turn + 2) / 6).floor() * 6 - 3).to(at::kFloat); // as Planes::hue
    const auto channels = x.unbind(2);
    const Tensor &r = channels[0], &g = channels[1], &b = channels[2];
    const Tensor most = x.amax(2), chroma = most - x.amin(2), scale = chroma.clamp_min(1e-12f).reciprocal();
    const Tensor sixths = at::where(r.eq(most), (g - b) * scale,
                                    at::where(g.eq(most), (b - r) * scale + 2, (r - g) * scale + 4));
    const Tensor distance = ((sixths.unsqueeze(2) + offset).abs() - 3).abs();
    return most.unsqueeze(2) - chroma.unsqueeze(2) * (2 - distance).clamp_(0, 1);
  }
  const Tensor gray = x.size(2) == 1 ? x : x.narrow(2, 0, 1) * 0.2989f + x.narrow(2, 1, 1) * 0.587f + x.narrow(2, 2, 1) * 0.114f;
  const Tensor other = change == 1 ? gray.mean(1, true, at::kDouble).to(at::kFloat) : gray;
  return (x * factor + other * (1 - factor)).clamp_(0, 1);
}

/// ColorJitter, composed: in each of the four turns the images are taken together by their change.
Tensor jittered(const Tensor& images, const float* factor, const int32_t* order) {
  const int64_t n = images.size(0);
  const Tensor factors = table(std::vector<float>(factor, factor + 4 * n), at::kFloat, images).view({n, 4});
  Tensor result = images.reshape({n, -1, images.size(3)}).clone();
  for (int64_t turn = 0; turn < 4; ++turn) {
    for (int32_t change = 0; change < 4; ++change) {
      std::vector<int64_t> members;
      for (int64_t i = 0; i < n; ++i)
        if (order[4 * i + turn] == change) members.push_back(i);
      if (members.empty()) continue;
      const Tensor where = table(members, at::kLong, images);
      const Tensor own = factors.select(1, change).index_select(0, where).view({-1, 1, 1});
      result.index_copy_(0, where, changed(result.index_select(0, where), own, change));
    }
  }
  return result.view(images.sizes());
}

/// Changes brightness, contrast, saturation (factors) and hue (turns) of each image [n, h, w, 1 or 3] in its own order.
///   factors: 4 per image; order: 4 per image, 0 brightness … 3 hue, or −1: leave the image as it is
Tensor ColorJitter(const Tensor& images, const HostData& factors, const HostData& orders) {
  require(images.dim() == 4, "images must be [batch, height, width, channels], got ", images.sizes());
  const int64_t n = images.size(0), pixels = images.size(1) * images.size(2), channels = images.size(3);
  require(channels == 1 || channels == 3, "images must have 1 or 3 channels, got ", channels);
  const auto* factor = values<float>(factors, at::kFloat, 4 * n, "factors");
  const auto* order = values<int32_t>(orders, at::kInt, 4 * n, "orders");
  if (!takes_loop(images)) return jittered(images, factor, order);
  Tensor result = at::empty_like(images);
  const float* from = images.data_ptr<float>();
  float* to = result.data_ptr<float>();
  at::parallel_for(0, n, 4, [&](int64_t begin, int64_t end) {
    Planes planes(pixels, channels);
    for (int64_t i = begin; i < end; ++i) {
      const int32_t* const own = order + 4 * i;
      if (std::all_of(own, own + 4, [](int32_t change) { return change < 0; })) {
        std::copy_n(from + i * pixels * channels, pixels * channels, to + i * pixels * channels);
        continue;
      }
      planes.load(from + i * pixels * channels);
      for (const int32_t* change = own; change < own + 4; ++change) {
        if (*change == 0) planes.brightness(factor[4 * i]);
        else if (*change == 1) planes.contrast(factor[4 * i + 1]);
        else if (*change == 2) planes.saturation(factor[4 * i + 2]);
        else if (*change == 3) planes.hue(factor[4 * i + 3]);
      }
      planes.store(to + i * pixels * channels);
    }
  });
  return result;
}
KONTRAST_KERNEL(ColorJitter);

} // namespace
} // namespace kontrast
