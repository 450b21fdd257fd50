#include "lines.h"

#include "vectorized.h"

namespace kontrast {

KONTRAST_VECTORIZED void weigh_lines(const float* const* lines, const float* weights, int64_t count, float* into,
                                     int64_t length) {
  // Two lines at a time: half as many passes over `into`.
  int64_t i = count % 2;
  const float* const first = lines[0];
  if (i == 1) {
    const float weight = weights[0];
#pragma omp simd
    for (int64_t k = 0; k < length; ++k) into[k] = first[k] * weight;
  } else {
    const float* const second = lines[1];
    const float a = weights[0], b = weights[1];
#pragma omp simd
    for (int64_t k = 0; k < length; ++k) into[k] = first[k] * a + second[k] * b;
    i = 2;
  }
  for (; i < count; i += 2) {
    const float *const even = lines[i], *const odd = lines[i + 1];
    const float a = weights[i], b = weights[i + 1];
#pragma omp simd
    for (int64_t k = 0; k < length; ++k) into[k] += even[k] * a + odd[k] * b;
  }
}

} // namespace kontrast
