// Sixteen numbers at a time, in the widest registers of the processor it runs on: for loops over contiguous data whose
// float32 or bfloat16 values are computed with in float32.
#pragma once

#include <c10/util/BFloat16.h>

#include <cstdint>
#include <cstring>

/// Compiles a function for several processors and chooses when the addon is loaded. What it calls must be KONTRAST_INLINE.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define KONTRAST_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KONTRAST_CLONES
#endif
#define KONTRAST_INLINE static inline __attribute__((always_inline))

namespace kontrast {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi" // vectors are passed between inlined functions only

constexpr int64_t lanes = 16;
typedef float Floats __attribute__((vector_size(64)));
typedef uint32_t Words __attribute__((vector_size(64)));
typedef uint16_t Halves __attribute__((vector_size(32)));

KONTRAST_INLINE Floats load(const float* from) {
  Floats values;
  std::memcpy(&values, from, sizeof(values));
  return values;
}

KONTRAST_INLINE Floats load(const c10::BFloat16* from) {
  Halves halves;
  std::memcpy(&halves, from, sizeof(halves));
  return reinterpret_cast<Floats>(__builtin_convertvector(halves, Words) << 16);
}

KONTRAST_INLINE void store(float* to, Floats values) { std::memcpy(to, &values, sizeof(values)); }

/// Rounds to the nearest, halves to even; NaN stays NaN.
KONTRAST_INLINE void store(c10::BFloat16* to, Floats values) {
  const Words bits = reinterpret_cast<Words>(values);
  const Words rounded = (bits + (((bits >> 16) & 1) + 0x7fff)) >> 16;
  const Words nan = bits * 0 + 0x7fc0;
  const Halves halves = __builtin_convertvector(values == values ? rounded : nan, Halves);
  std::memcpy(to, &halves, sizeof(halves));
}

KONTRAST_INLINE Floats broadcast(float value) { return Floats{} + value; }

/// `values` where `like` is above zero, zero elsewhere.
KONTRAST_INLINE Floats where_positive(Floats like, Floats values) { return like > 0 ? values : Floats{}; }

#pragma GCC diagnostic pop

} // namespace kontrast
