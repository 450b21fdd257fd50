#include "colors.h"

#include <algorithm>
#include <cmath>

#include "vectorized.h"

namespace kontrast {
namespace {

/// As comparisons, which the compiler turns into vector instructions.
inline float unit(float value) {
  value = value < 0.0f ? 0.0f : value;
  return value > 1.0f ? 1.0f : value;
}
inline float larger(float a, float b) { return a < b ? b : a; }
inline float smaller(float a, float b) { return b < a ? b : a; }

/// x · factor + other · share, clipped to [0, 1].
KONTRAST_VECTORIZED void blend(float* x, const float* other, float factor, float share, int64_t count) {
#pragma omp simd
  for (int64_t k = 0; k < count; ++k) x[k] = unit(x[k] * factor + other[k] * share);
}

/// x · factor + offset, clipped to [0, 1].
KONTRAST_VECTORIZED void scale(float* x, float factor, float offset, int64_t count) {
#pragma omp simd
  for (int64_t k = 0; k < count; ++k) x[k] = unit(x[k] * factor + offset);
}

/// torchvision's rgb_to_grayscale.
KONTRAST_VECTORIZED void to_gray(const float* r, const float* g, const float* b, float* gray, int64_t count) {
#pragma omp simd
  for (int64_t k = 0; k < count; ++k) gray[k] = r[k] * 0.2989f + g[k] * 0.587f + b[k] * 0.114f;
}

KONTRAST_VECTORIZED double sum(const float* x, int64_t count) {
  double total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t k = 0; k < count; ++k) total += static_cast<double>(x[k]);
  return total;
}

/// To HSV, add, back. Back, a channel is max − (max − min) · ramp, where the ramp depends on how far the hue is from that
/// channel's, in sixths of a turn.
KONTRAST_VECTORIZED void turn(float* red, float* green, float* blue, const float* offset, int64_t count) {
  const float to_red = offset[0], to_green = offset[1], to_blue = offset[2];
  const auto ramp = [](float distance) { return unit(2 - std::abs(std::abs(distance) - 3)); };
#pragma omp simd
  for (int64_t k = 0; k < count; ++k) {
    const float r = red[k], g = green[k], b = blue[k];
    const float most = larger(larger(r, g), b);
    const float chroma = most - smaller(smaller(r, g), b);
    const float scale = 1 / larger(chroma, 1e-12f);
    const float sixths = r == most ? (g - b) * scale : g == most ? (b - r) * scale + 2 : (r - g) * scale + 4;
    red[k] = most - chroma * ramp(sixths + to_red);
    green[k] = most - chroma * ramp(sixths + to_green);
    blue[k] = most - chroma * ramp(sixths + to_blue);
  }
}

KONTRAST_VECTORIZED void split(const float* image, float* r, float* g, float* b, int64_t count) {
#pragma omp simd
  for (int64_t k = 0; k < count; ++k) {
    r[k] = image[3 * k];
    g[k] = image[3 * k + 1];
    b[k] = image[3 * k + 2];
  }
}

KONTRAST_VECTORIZED void join(const float* r, const float* g, const float* b, float* image, int64_t count) {
#pragma omp simd
  for (int64_t k = 0; k < count; ++k) {
    image[3 * k] = r[k];
    image[3 * k + 1] = g[k];
    image[3 * k + 2] = b[k];
  }
}

} // namespace

void Planes::load(const float* image) {
  if (channels_ == 1) std::copy_n(image, pixels_, data_.data());
  else split(image, plane(0), plane(1), plane(2), pixels_);
}

void Planes::store(float* image) const {
  const float* const data = data_.data();
  if (channels_ == 1) std::copy_n(data, pixels_, image);
  else join(data, data + pixels_, data + 2 * pixels_, image, pixels_);
}

void Planes::brightness(float factor) { scale(data_.data(), factor, 0, pixels_ * channels_); }

void Planes::contrast(float factor) {
  const auto mean = static_cast<float>(sum(gray(), pixels_) / static_cast<double>(pixels_));
  scale(data_.data(), factor, mean * (1 - factor), pixels_ * channels_);
}

void Planes::saturation(float factor) {
  if (channels_ != 3) return;
  const float* other = gray();
  for (int64_t c = 0; c < 3; ++c) blend(plane(c), other, factor, 1 - factor, pixels_);
}

void Planes::hue(float shift) {
  if (channels_ != 3) return;
  float offset[3];
  for (int c = 0; c < 3; ++c) {
    const double value = 5 - 2 * c - 2 + 6 * static_cast<double>(shift);
    offset[c] = static_cast<float>(value - 6 * std::floor((value + 2) / 6) - 3); // hue + offset + 3 in [−3, 9)
  }
  turn(plane(0), plane(1), plane(2), offset, pixels_);
}

const float* Planes::gray() {
  if (channels_ == 1) return data_.data();
  to_gray(plane(0), plane(1), plane(2), gray_.data(), pixels_);
  return gray_.data();
}

} // namespace kontrast
