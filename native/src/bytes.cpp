// Images of a data set that stays in JavaScript's memory, one byte per value.
#include <ATen/Parallel.h>

#include <cstring>

#include "device.h"
#include "kernel.h"
#include "transfer.h"
#include "vectorized.h"

namespace kontrast {
namespace {

KONTRAST_VECTORIZED void to_shares(const uint8_t* bytes, float* shares, int64_t count) {
#pragma omp simd
  for (int64_t k = 0; k < count; ++k) shares[k] = static_cast<float>(bytes[k]) / 255.0f;
}

/// The images at some positions of a data set, as float32 [n, height, width, channels] in [0, 1]: each byte / 255.
///   bytes: whole images after each other; positions: Int32Array, each in [0, images)
Tensor ImagesOfBytes(const HostData& bytes, const HostData& positions, const Shape& image_shape) {
  const int64_t extent = c10::multiply_integers(image_shape);
  require(bytes.type == at::kByte, "bytes must be a Uint8Array");
  require(positions.type == at::kInt, "positions must be an Int32Array");
  require(extent > 0, "an image must have values, got shape ", at::IntArrayRef(image_shape));
  const auto n = static_cast<int64_t>(positions.length), images = static_cast<int64_t>(bytes.length) / extent;
  const auto* const from = static_cast<const uint8_t*>(bytes.data);
  const auto* const position = static_cast<const int32_t*>(positions.data);
  for (int64_t i = 0; i < n; ++i)
    require(position[i] >= 0 && position[i] < images, "positions must be in [0, ", images, "), got ", position[i]);
  Shape shape = {n};
  shape.insert(shape.end(), image_shape.begin(), image_shape.end());
  if (!takes_loop(device())) { // a quarter of the way, and the device divides
    const Tensor host = host_buffer(shape, at::kByte);
    auto* const into = static_cast<uint8_t*>(host.data_ptr());
    for (int64_t i = 0; i < n; ++i) std::memcpy(into + i * extent, from + position[i] * extent, extent);
    return upload(host).to(at::kFloat).div_(255);
  }
  Tensor result = at::empty(shape, at::kFloat);
  float* const to = result.data_ptr<float>();
  at::parallel_for(0, n, std::max<int64_t>(1, 32768 / extent), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to_shares(from + position[i] * extent, to + i * extent, extent);
  });
  return result;
}
KONTRAST_KERNEL(ImagesOfBytes);

} // namespace
} // namespace kontrast
