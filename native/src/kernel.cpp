#include "kernel.h"

#include "host_array.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kontrast {

namespace {

void check(napi_status status, const char* expected) {
  if (status != napi_ok) throw std::invalid_argument(std::string("expected ") + expected);
}

uint32_t length_of(napi_env env, napi_value array) {
  uint32_t length = 0;
  check(napi_get_array_length(env, array, &length), "an array");
  return length;
}

template <class T>
std::vector<T> vector_of(napi_env env, napi_value array) {
  const uint32_t length = length_of(env, array);
  std::vector<T> result;
  result.reserve(length);
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element = nullptr;
    check(napi_get_element(env, array, i, &element), "an array element");
    result.push_back(Argument<T>::from(env, element));
  }
  return result;
}

DType dtype_of(const Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kBFloat16:
    case at::kFloat: return DType::float32;
    case at::kInt: return DType::int32;
    case at::kBool: return DType::boolean;
    case at::kComplexFloat: return DType::complex64;
    default: throw std::logic_error(std::string("no engine dtype for ") + c10::toString(tensor.scalar_type()));
  }
}

/// The engine knows four dtypes (one of them stored in two ways) and one layout: contiguous.
Tensor normalized(const Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kFloat:
    case at::kInt:
    case at::kBFloat16:
    case at::kBool: return tensor.contiguous();
    case at::kLong:
    case at::kShort:
    case at::kByte:
    case at::kChar: return tensor.to(at::kInt).contiguous();
    case at::kComplexFloat:
    case at::kComplexDouble: return tensor.to(at::kComplexFloat).contiguous().resolve_conj();
    default: return tensor.to(at::kFloat).contiguous();
  }
}

napi_value number(napi_env env, int64_t value) {
  napi_value result = nullptr;
  napi_create_int64(env, value, &result);
  return result;
}

const char* name_of(at::ScalarType type) {
  switch (type) {
    case at::kFloat: return "float32";
    case at::kInt: return "int32";
    case at::kBool: return "bool";
    case at::kComplexFloat: return "complex64";
    case at::kBFloat16: return "float32 (stored as bfloat16)";
    default: return c10::toString(type);
  }
}

void describe(napi_env env, napi_value value, std::ostringstream& text, int& count) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  if (type != napi_external) return;
  text << (count++ == 0 ? "; inputs " : ", ");
  const Tensor* tensor = find_tensor(env, value);
  if (tensor == nullptr) {
    text << "(disposed)";
  } else {
    text << tensor->sizes() << " " << name_of(tensor->scalar_type());
  }
}

} // namespace

at::ScalarType scalar_type(DType dtype) {
  switch (dtype) {
    case DType::float32: return at::kFloat;
    case DType::int32: return at::kInt;
    case DType::boolean: return at::kBool;
    case DType::complex64: return at::kComplexFloat;
  }
  throw std::invalid_argument("expected a dtype code");
}

std::vector<Kernel>& kernels() {
  static std::vector<Kernel> all;
  return all;
}

#if defined(__x86_64__)
KernelScope::KernelScope() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | 0x8040); } // FTZ and DAZ
KernelScope::~KernelScope() { _mm_setcsr(saved_); }
#else
KernelScope::KernelScope() : saved_(0) {}
KernelScope::~KernelScope() = default;
#endif

double Argument<double>::from(napi_env env, napi_value value) {
  double result = 0;
  check(napi_get_value_double(env, value, &result), "a number");
  return result;
}

int64_t Argument<int64_t>::from(napi_env env, napi_value value) {
  double result = 0;
  check(napi_get_value_double(env, value, &result), "an integer");
  require(std::trunc(result) == result && std::abs(result) <= 9007199254740992.0, "expected an integer, got ", result);
  return static_cast<int64_t>(result);
}

bool Argument<bool>::from(napi_env env, napi_value value) {
  bool result = false;
  check(napi_get_value_bool(env, value, &result), "a boolean");
  return result;
}

DType Argument<DType>::from(napi_env env, napi_value value) {
  const int64_t code = Argument<int64_t>::from(env, value);
  require(code >= 0 && code <= 3, "expected a dtype code, got ", code);
  return static_cast<DType>(code);
}

std::string Argument<std::string>::from(napi_env env, napi_value value) {
  size_t length = 0;
  check(napi_get_value_string_utf8(env, value, nullptr, 0, &length), "a string");
  std::string result(length, '\0');
  napi_get_value_string_utf8(env, value, result.data(), length + 1, &length);
  return result;
}

Stored Argument<Stored>::from(napi_env env, napi_value value) { return {tensor_of(env, value)}; }

Tensor Argument<Tensor>::from(napi_env env, napi_value value) {
  const Tensor& tensor = tensor_of(env, value);
  return tensor.scalar_type() == at::kBFloat16 ? tensor.to(at::kFloat) : tensor;
}

std::optional<Tensor> Argument<std::optional<Tensor>>::from(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  if (type == napi_undefined || type == napi_null) return std::nullopt;
  return Argument<Tensor>::from(env, value);
}

std::optional<Stored> Argument<std::optional<Stored>>::from(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  if (type == napi_undefined || type == napi_null) return std::nullopt;
  return Argument<Stored>::from(env, value);
}

std::vector<Tensor> Argument<std::vector<Tensor>>::from(napi_env env, napi_value value) {
  return vector_of<Tensor>(env, value);
}

std::vector<Stored> Argument<std::vector<Stored>>::from(napi_env env, napi_value value) {
  return vector_of<Stored>(env, value);
}

std::vector<int64_t> Argument<std::vector<int64_t>>::from(napi_env env, napi_value value) {
  return vector_of<int64_t>(env, value);
}

std::vector<double> Argument<std::vector<double>>::from(napi_env env, napi_value value) {
  return vector_of<double>(env, value);
}

HostData Argument<HostData>::from(napi_env env, napi_value value) {
  napi_typedarray_type type = napi_float32_array;
  size_t length = 0;
  void* data = nullptr;
  check(napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr), "a typed array");
  switch (type) {
    case napi_float32_array: return {data, length, at::kFloat};
    case napi_int32_array: return {data, length, at::kInt};
    case napi_uint8_array:
    case napi_uint8_clamped_array: return {data, length, at::kByte};
    default: throw std::invalid_argument("expected a Float32Array, an Int32Array or a Uint8Array");
  }
}

napi_value to_js(napi_env env, const Tensor& tensor) {
  const Tensor result = normalized(tensor);
  napi_value array = nullptr;
  napi_create_array_with_length(env, result.dim() + 2, &array);
  napi_set_element(env, array, 0, make_handle(env, result));
  const bool reduced = result.scalar_type() == at::kBFloat16;
  const int64_t code = reduced ? reduced_code : static_cast<int64_t>(dtype_of(result));
  napi_set_element(env, array, 1, number(env, code));
  for (int64_t axis = 0; axis < result.dim(); ++axis) {
    napi_set_element(env, array, axis + 2, number(env, result.size(axis)));
  }
  return array;
}

napi_value to_js(napi_env env, const std::vector<Tensor>& tensors) {
  napi_value array = nullptr;
  napi_create_array_with_length(env, tensors.size(), &array);
  for (size_t i = 0; i < tensors.size(); ++i) napi_set_element(env, array, i, to_js(env, tensors[i]));
  return array;
}

napi_value to_js(napi_env env, const HostCopy& copy) {
  const HostArray host = new_host_array(env, copy.tensor);
  copy_to_host(copy.tensor, host.data);
  return host.array;
}

void throw_js(napi_env env, const char* name, const std::exception* error, const napi_value* values,
              size_t count) noexcept {
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) return;
  try {
    std::ostringstream text;
    text << name << ": " << (error != nullptr ? message_of(*error) : "unknown error");
    int described = 0;
    for (size_t i = 0; i < count; ++i) {
      bool is_array = false;
      napi_is_array(env, values[i], &is_array);
      const uint32_t length = is_array ? length_of(env, values[i]) : 0;
      for (uint32_t k = 0; k < length; ++k) {
        napi_value element = nullptr;
        napi_get_element(env, values[i], k, &element);
        describe(env, element, text, described);
      }
      if (!is_array) describe(env, values[i], text, described);
    }
    napi_throw_error(env, nullptr, text.str().c_str());
  } catch (...) { // not even the message fits into memory
    napi_throw_error(env, nullptr, "out of memory");
  }
}

} // namespace kontrast
