#include "batch_norm_rows.h"

#include "lanes.h"

namespace kontrast::batch_norm_rows {

#pragma GCC diagnostic ignored "-Wpsabi"

namespace {

using c10::BFloat16;

/// Calls `wide` for blocks of 32 channels, then of 16, and `narrow` for each channel that is left.
template <class Wide, class Narrow>
KONTRAST_INLINE void by_channels(int64_t channels, const Wide& wide, const Narrow& narrow) {
  int64_t channel = 0;
  for (; channel + 2 * lanes <= channels; channel += 2 * lanes) wide.template run<2>(channel);
  for (; channel + lanes <= channels; channel += lanes) wide.template run<1>(channel);
  for (; channel < channels; ++channel) narrow(channel);
}

template <class T>
struct Moments {
  const T* x;
  int64_t rows;
  int64_t channels;
  float* mean;
  float* deviations;

  template <int width>
  __attribute__((always_inline)) void run(int64_t channel) const {
    Floats sum[width] = {};
    for (int64_t row = 0; row < rows; ++row) {
      for (int i = 0; i < width; ++i) sum[i] += load(x + row * channels + channel + i * lanes);
    }
    Floats squares[width] = {};
    for (int i = 0; i < width; ++i) sum[i] /= static_cast<float>(rows);
    for (int64_t row = 0; row < rows; ++row) {
      for (int i = 0; i < width; ++i) {
        const Floats distance = load(x + row * channels + channel + i * lanes) - sum[i];
        squares[i] += distance * distance;
      }
    }
    for (int i = 0; i < width; ++i) {
      store(mean + channel + i * lanes, sum[i]);
      store(deviations + channel + i * lanes, squares[i]);
    }
  }
};

template <class T>
KONTRAST_INLINE void moments_of(const T* x, int64_t rows, int64_t channels, float* mean, float* deviations) {
  by_channels(channels, Moments<T>{x, rows, channels, mean, deviations}, [=](int64_t channel) {
    float sum = 0;
    for (int64_t row = 0; row < rows; ++row) sum += static_cast<float>(x[row * channels + channel]);
    const float center = sum / static_cast<float>(rows);
    float squares = 0;
    for (int64_t row = 0; row < rows; ++row) {
      const float distance = static_cast<float>(x[row * channels + channel]) - center;
      squares += distance * distance;
    }
    mean[channel] = center;
    deviations[channel] = squares;
  });
}

template <bool relu, bool add, class T>
KONTRAST_INLINE void normalize_as(const T* x, const T* residual, const float* factor, const float* shift, int64_t rows,
                                  int64_t channels, T* y) {
  for (int64_t row = 0; row < rows; ++row, x += channels, y += channels) {
    int64_t channel = 0;
    for (; channel + lanes <= channels; channel += lanes) {
      Floats value = load(x + channel) * load(factor + channel) + load(shift + channel);
      if (add) value += load(residual + channel);
      store(y + channel, relu ? where_positive(value, value) : value);
    }
    for (; channel < channels; ++channel) {
      float value = static_cast<float>(x[channel]) * factor[channel] + shift[channel];
      if (add) value += static_cast<float>(residual[channel]);
      y[channel] = relu && !(value > 0) ? T(0) : T(value);
    }
    if (add) residual += channels;
  }
}

template <class T>
KONTRAST_INLINE void normalize_by(const T* x, const T* residual, const float* factor, const float* shift, bool relu,
                                  int64_t rows, int64_t channels, T* y) {
  if (residual != nullptr && relu) normalize_as<true, true>(x, residual, factor, shift, rows, channels, y);
  else if (residual != nullptr) normalize_as<false, true>(x, residual, factor, shift, rows, channels, y);
  else if (relu) normalize_as<true, false>(x, residual, factor, shift, rows, channels, y);
  else normalize_as<false, false>(x, residual, factor, shift, rows, channels, y);
}

/// dy after relu, sixteen channels or one.
template <Mask mask, class T>
KONTRAST_INLINE Floats masked_lanes(const Gradient<T>& at, int64_t place, int64_t channel, Floats x) {
  const Floats dy = load(at.dy + place);
  if (mask == Mask::none) return dy;
  if (mask == Mask::by_result) return where_positive(load(at.y + place), dy);
  return where_positive(x * load(at.factor + channel) + load(at.shift + channel), dy);
}

template <Mask mask, class T>
KONTRAST_INLINE float masked_value(const Gradient<T>& at, int64_t place, int64_t channel, float x) {
  const float dy = static_cast<float>(at.dy[place]);
  if (mask == Mask::none) return dy;
  if (mask == Mask::by_result) return static_cast<float>(at.y[place]) > 0 ? dy : 0;
  return x * at.factor[channel] + at.shift[channel] > 0 ? dy : 0;
}

template <Mask mask, class T>
struct Sums {
  const Gradient<T>& at;
  int64_t rows;
  int64_t channels;
  float* sums;
  float* products;
  T* masked;

  template <int width>
  __attribute__((always_inline)) void run(int64_t channel) const {
    Floats sum[width] = {};
    Floats product[width] = {};
    for (int64_t row = 0; row < rows; ++row) {
      for (int i = 0; i < width; ++i) {
        const int64_t here = channel + i * lanes;
        const int64_t place = row * channels + here;
        const Floats x = load(at.x + place);
        const Floats dy = masked_lanes<mask>(at, place, here, x);
        if (mask == Mask::by_result) store(masked + place, dy);
        sum[i] += dy;
        product[i] += dy * (x - load(at.mean + here));
      }
    }
    for (int i = 0; i < width; ++i) {
      store(sums + channel + i * lanes, sum[i]);
      store(products + channel + i * lanes, product[i]);
    }
  }
};

template <Mask mask, class T>
KONTRAST_INLINE void sums_by(const Gradient<T>& at, int64_t rows, int64_t channels, float* sums, float* products,
                             T* masked) {
  by_channels(channels, Sums<mask, T>{at, rows, channels, sums, products, masked}, [=](int64_t channel) {
    float sum = 0;
    float product = 0;
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t place = row * channels + channel;
      const float x = static_cast<float>(at.x[place]);
      const float dy = masked_value<mask>(at, place, channel, x);
      if (mask == Mask::by_result) masked[place] = T(dy);
      sum += dy;
      product += dy * (x - at.mean[channel]);
    }
    sums[channel] = sum;
    products[channel] = product;
  });
}

template <class T>
KONTRAST_INLINE void sums_of(const Gradient<T>& at, Mask mask, int64_t rows, int64_t channels, float* sums,
                             float* products, T* masked) {
  if (mask == Mask::none) sums_by<Mask::none>(at, rows, channels, sums, products, masked);
  else if (mask == Mask::recomputed) sums_by<Mask::recomputed>(at, rows, channels, sums, products, masked);
  else sums_by<Mask::by_result>(at, rows, channels, sums, products, masked);
}

template <Mask mask, class T>
KONTRAST_INLINE void input_by(const Gradient<T>& at, const float* of_x, const float* constant, int64_t rows,
                              int64_t channels, T* dx) {
  for (int64_t row = 0; row < rows; ++row) {
    int64_t channel = 0;
    for (; channel + lanes <= channels; channel += lanes) {
      const int64_t place = row * channels + channel;
      const Floats x = load(at.x + place);
      const Floats dy = masked_lanes<mask>(at, place, channel, x);
      store(dx + place, dy * load(at.factor + channel) + (x * load(of_x + channel) + load(constant + channel)));
    }
    for (; channel < channels; ++channel) {
      const int64_t place = row * channels + channel;
      const float x = static_cast<float>(at.x[place]);
      const float dy = masked_value<mask>(at, place, channel, x);
      dx[place] = T(dy * at.factor[channel] + (x * of_x[channel] + constant[channel]));
    }
  }
}

template <class T>
KONTRAST_INLINE void input_of(const Gradient<T>& at, Mask mask, const float* of_x, const float* constant, int64_t rows,
                              int64_t channels, T* dx) {
  if (mask == Mask::recomputed) input_by<Mask::recomputed>(at, of_x, constant, rows, channels, dx);
  else input_by<Mask::none>(at, of_x, constant, rows, channels, dx);
}

} // namespace

// Templates cannot be compiled for several processors, so each type is written out.
#define KONTRAST_ROWS(T)                                                                                               \
  template <>                                                                                                          \
  KONTRAST_CLONES void moments(const T* x, int64_t rows, int64_t channels, float* mean, float* deviations) {           \
    moments_of(x, rows, channels, mean, deviations);                                                                   \
  }                                                                                                                    \
  template <>                                                                                                          \
  KONTRAST_CLONES void normalize(const T* x, const T* residual, const float* factor, const float* shift, bool relu,    \
                                 int64_t rows, int64_t channels, T* y) {                                               \
    normalize_by(x, residual, factor, shift, relu, rows, channels, y);                                                 \
  }                                                                                                                    \
  template <>                                                                                                          \
  KONTRAST_CLONES void gradient_sums(const Gradient<T>& at, Mask mask, int64_t rows, int64_t channels, float* sums,    \
                                     float* products, T* masked) {                                                     \
    sums_of(at, mask, rows, channels, sums, products, masked);                                                         \
  }                                                                                                                    \
  template <>                                                                                                          \
  KONTRAST_CLONES void gradient_input(const Gradient<T>& at, Mask mask, const float* of_x, const float* constant,      \
                                      int64_t rows, int64_t channels, T* dx) {                                         \
    input_of(at, mask, of_x, constant, rows, channels, dx);                                                            \
  }
KONTRAST_ROWS(float)
KONTRAST_ROWS(BFloat16)

} // namespace kontrast::batch_norm_rows
