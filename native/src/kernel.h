// How a C++ function becomes a kernel that JavaScript can call: KONTRAST_KERNEL(function) converts the arguments by
// their C++ types, and turns exceptions into JavaScript errors that name the kernel and the shapes it was given.
#pragma once

#include <array>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "handle.h"

namespace kontrast {

/// The codes of the engine's dtypes on both sides.
enum class DType : int { float32 = 0, int32 = 1, boolean = 2, complex64 = 3 };
/// The code that stands for float32 stored as bfloat16; only results have it.
constexpr int64_t reduced_code = 16;
at::ScalarType scalar_type(DType dtype);

/// A typed array of JavaScript, borrowed for the time of the call.
struct HostData {
  const void* data;
  size_t length;
  at::ScalarType type;
};

/// A tensor as it is stored: one that is float32 to JavaScript may be bfloat16 in memory. Kernels that take a Tensor get
/// it as float32.
struct Stored {
  Tensor tensor;
};

/// A tensor that is to be handed over as a typed array (a copy); complex numbers as real and imaginary parts in turn.
struct HostCopy {
  Tensor tensor;
};

/// Throws std::invalid_argument with the parts of the message put together.
template <class... Parts>
void require(bool condition, const Parts&... parts) {
  if (condition) return;
  std::ostringstream message;
  (message << ... << parts);
  throw std::invalid_argument(message.str());
}

/// Images [batch, height, width, channels] with at least one pixel, and a size [height, width].
inline void require_images(const Tensor& images, const Shape& size) {
  require(images.dim() == 4 && images.size(1) > 0 && images.size(2) > 0,
          "images must be [batch, height, width, channels] with pixels, got ", images.sizes());
  require(size.size() == 2 && size[0] >= 0 && size[1] >= 0, "the size must be [height, width], got ",
          at::IntArrayRef(size));
}

// --- arguments -----------------------------------------------------------------------------------------------------

template <class T>
struct Argument;
#define KONTRAST_ARGUMENT(Type)                        \
  template <>                                          \
  struct Argument<Type> {                              \
    static Type from(napi_env env, napi_value value);  \
  };
KONTRAST_ARGUMENT(double)
KONTRAST_ARGUMENT(int64_t)
KONTRAST_ARGUMENT(bool)
KONTRAST_ARGUMENT(DType)
KONTRAST_ARGUMENT(std::string)
KONTRAST_ARGUMENT(Tensor)
KONTRAST_ARGUMENT(std::optional<Tensor>)
KONTRAST_ARGUMENT(Stored)
KONTRAST_ARGUMENT(std::optional<Stored>)
KONTRAST_ARGUMENT(std::vector<Stored>)
KONTRAST_ARGUMENT(std::vector<Tensor>)
KONTRAST_ARGUMENT(std::vector<int64_t>)
KONTRAST_ARGUMENT(std::vector<double>)
KONTRAST_ARGUMENT(HostData)
#undef KONTRAST_ARGUMENT

// --- results -------------------------------------------------------------------------------------------------------

/// A tensor becomes [handle, dtype, ...shape]; it is made contiguous and of an engine dtype first.
napi_value to_js(napi_env env, const Tensor& tensor);
napi_value to_js(napi_env env, const std::vector<Tensor>& tensors);
napi_value to_js(napi_env env, const HostCopy& copy);

// --- registry ------------------------------------------------------------------------------------------------------

/// One function of the addon.
struct Kernel {
  const char* name;
  napi_callback callback;
  void (*function)();
};
std::vector<Kernel>& kernels();

/// Flushes denormal numbers to zero while a kernel runs (they cost a hundred times as much), and only then: JavaScript
/// itself needs them. OpenMP's threads inherit the mode, as they are first started by a kernel.
class KernelScope {
 public:
  KernelScope();
  ~KernelScope();
  KernelScope(const KernelScope&) = delete;
  KernelScope& operator=(const KernelScope&) = delete;

 private:
  unsigned saved_;
  c10::InferenceMode inference_;
};

/// The message of an exception on one line; that of missing memory with what is in use, and what helps.
std::string message_of(const std::exception& error);

/// Throws, in JavaScript, `name: message; inputs [2, 3] float32, [4, 5] float32`.
void throw_js(napi_env env, const char* name, const std::exception* error, const napi_value* values,
              size_t count) noexcept;

template <class R, class... A>
struct Caller {
  using Function = R (*)(A...);

  static napi_value call(napi_env env, napi_callback_info info) {
    std::array<napi_value, sizeof...(A) + 1> values;
    size_t count = values.size();
    void* data = nullptr;
    napi_get_cb_info(env, info, &count, values.data(), nullptr, &data);
    const auto* kernel = static_cast<const Kernel*>(data);
    try {
      KernelScope scope;
      return invoke(env, reinterpret_cast<Function>(kernel->function), values, std::index_sequence_for<A...>());
    } catch (const std::exception& error) {
      throw_js(env, kernel->name, &error, values.data(), sizeof...(A));
    } catch (...) {
      throw_js(env, kernel->name, nullptr, values.data(), sizeof...(A));
    }
    return nullptr;
  }

 private:
  template <size_t... I>
  static napi_value invoke(napi_env env, Function function, const std::array<napi_value, sizeof...(A) + 1>& values,
                           std::index_sequence<I...>) {
    return to_js(env, function(Argument<std::decay_t<A>>::from(env, values[I])...));
  }
};

/// Adds a function to the addon under a name; used through the macros below.
template <class R, class... A>
bool define(const char* name, R (*function)(A...)) {
  kernels().push_back({name, &Caller<R, A...>::call, reinterpret_cast<void (*)()>(function)});
  return true;
}

#define KONTRAST_KERNEL(function) \
  [[maybe_unused]] static const bool function##_is_defined = ::kontrast::define(#function, function)

/// For families of one-liners: KONTRAST_INLINE_KERNEL(Exp, (const Tensor& x), at::exp(x)).
#define KONTRAST_INLINE_KERNEL(Name, parameters, expression) \
  static Tensor Name parameters { return expression; }       \
  KONTRAST_KERNEL(Name)

} // namespace kontrast
