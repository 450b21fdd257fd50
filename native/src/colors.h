// Changes of one image's colours, over planes of pixels in [0, 1]; values as torchvision's functions on tensors give them.
#pragma once

#include <cstdint>
#include <vector>

namespace kontrast {

/// One image of `pixels` pixels with 1 or 3 channels, changed in place; planes, so that the loops run over whole lines.
class Planes {
 public:
  Planes(int64_t pixels, int64_t channels)
      : pixels_(pixels), channels_(channels), data_(pixels * channels), gray_(pixels) {}

  /// Takes an image [pixels, channels] in, and gives it out.
  void load(const float* image);
  void store(float* image) const;

  void brightness(float factor);
  void contrast(float factor);
  /// Changes nothing in images of one channel.
  void saturation(float factor);
  /// Turns the hue by `shift` turns. Changes nothing in images of one channel.
  void hue(float shift);

 private:
  float* plane(int64_t channel) { return data_.data() + channel * pixels_; }
  /// The gray version, for images of one channel the image itself.
  const float* gray();

  int64_t pixels_;
  int64_t channels_;
  std::vector<float> data_;
  std::vector<float> gray_;
};

} // namespace kontrast
