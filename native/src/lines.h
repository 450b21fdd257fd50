// Sums of whole lines of pixels, for kernels that resample images one axis after the other.
#pragma once

#include <cstdint>

namespace kontrast {

/// into[k] = Σ weights[i] · lines[i][k] over `count` >= 1 lines, k < length. A value depends on its own column alone, to
/// the last bit.
void weigh_lines(const float* const* lines, const float* weights, int64_t count, float* into, int64_t length);

} // namespace kontrast
