// The inner loops of batch normalization over [rows, channels], float32 or bfloat16.
#pragma once

#include <c10/util/BFloat16.h>

#include <cstdint>

namespace kontrast::batch_norm_rows {

/// Mean and sum of squared deviations from it of each channel.
template <class T>
void moments(const T* x, int64_t rows, int64_t channels, float* mean, float* deviations);

/// y = x · factor + shift, plus `residual` unless null, cut at zero if `relu`.
template <class T>
void normalize(const T* x, const T* residual, const float* factor, const float* shift, bool relu, int64_t rows,
               int64_t channels, T* y);

/// How a gradient passes relu: not at all, where x · factor + shift > 0, where the result y > 0.
enum class Mask { none, recomputed, by_result };

template <class T>
struct Gradient {
  const T* dy;
  const T* x;
  const T* y; // for Mask::by_result
  const float* factor;
  const float* shift;
  const float* mean;
};

/// Sums over the rows of the masked dy and of masked dy · (x − mean); by Mask::by_result also stores the masked dy.
template <class T>
void gradient_sums(const Gradient<T>& at, Mask mask, int64_t rows, int64_t channels, float* sums, float* products,
                   T* masked);

/// dx = masked dy · factor + x · of_x + constant; not for Mask::by_result.
template <class T>
void gradient_input(const Gradient<T>& at, Mask mask, const float* of_x, const float* constant, int64_t rows,
                    int64_t channels, T* dx);

} // namespace kontrast::batch_norm_rows
