// Loops that the compiler turns into vector instructions, for each width a processor may have.
#pragma once

#include <cstdint>
#include <cstring>

namespace kontrast {

/// A function marked with this is compiled several times; the widest instructions of the processor at hand are chosen
/// when the addon is loaded. The compiler's own flags stay those of every x86-64.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define KONTRAST_VECTORIZED __attribute__((target_clones("avx512f", "avx2,fma", "default")))
#else
#define KONTRAST_VECTORIZED
#endif

/// 2^x to 2e-7 of its value, for x in [-126, 127]; below it is 2^-126, above 2^127; NaN stays. A whole number n by rounding, then
/// 2^n through the exponent's bits and 2^(x − n) by a polynomial (least squares over Chebyshev nodes).
inline float exp2_fast(float x) {
  constexpr float round = 12582912.0f; // 1.5 · 2^23: adding it leaves the nearest whole number in the lowest bits
  x = x < -126.0f ? -126.0f : x; // these comparisons let NaN through
  x = x > 127.0f ? 127.0f : x;
  const float shifted = x + round;
  const float r = x - (shifted - round);
  uint32_t n;
  std::memcpy(&n, &shifted, sizeof n);
  const uint32_t bits = (n + 127) << 23; // what `round` left in the upper bits is shifted out
  float power;
  std::memcpy(&power, &bits, sizeof power);
  float p = 1.54614477e-4f;
  p = p * r + 1.33908668e-3f;
  p = p * r + 9.61805694e-3f;
  p = p * r + 5.55035695e-2f;
  p = p * r + 2.40226507e-1f;
  p = p * r + 6.93147182e-1f;
  return power * (1.0f + r * p);
}

} // namespace kontrast
