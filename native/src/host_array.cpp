#include "host_array.h"

#include <cstring>

#include "allocator.h"
#include "kernel.h"

namespace kontrast {
namespace {

constexpr size_t modest = size_t{1} << 20;

/// As `new ArrayBuffer(bytes)`: napi_create_arraybuffer ends the process if there is no memory, this does not.
bool construct_array_buffer(napi_env env, size_t bytes, napi_value* buffer) {
  napi_value global = nullptr;
  napi_value constructor = nullptr;
  napi_value length = nullptr;
  napi_get_global(env, &global);
  napi_get_named_property(env, global, "ArrayBuffer", &constructor);
  napi_create_double(env, static_cast<double>(bytes), &length);
  if (napi_new_instance(env, constructor, 1, &length, buffer) == napi_ok) return true;
  napi_value error = nullptr;
  napi_get_and_clear_last_exception(env, &error);
  return false;
}

napi_value new_array_buffer(napi_env env, size_t bytes) {
  napi_value buffer = nullptr;
  void* data = nullptr;
  if (bytes <= modest && napi_create_arraybuffer(env, bytes, &data, &buffer) == napi_ok) return buffer;
  if (construct_array_buffer(env, bytes, &buffer)) return buffer;
  make_room();
  if (construct_array_buffer(env, bytes, &buffer)) return buffer;
  throw OutOfMemory(static_cast<int64_t>(bytes), memory_use());
}

napi_typedarray_type type_of(const Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kFloat:
    case at::kComplexFloat: return napi_float32_array;
    case at::kInt: return napi_int32_array;
    case at::kBool: return napi_uint8_array;
    default: throw std::logic_error(std::string("no typed array for ") + c10::toString(tensor.scalar_type()));
  }
}

} // namespace

HostArray new_host_array(napi_env env, const Tensor& tensor) {
  HostArray result{};
  napi_value buffer = new_array_buffer(env, tensor.nbytes());
  napi_get_arraybuffer_info(env, buffer, &result.data, nullptr);
  const int64_t length = tensor.is_complex() ? 2 * tensor.numel() : tensor.numel();
  if (napi_create_typedarray(env, type_of(tensor), length, buffer, 0, &result.array) != napi_ok) {
    throw std::runtime_error("could not create a typed array");
  }
  return result;
}

void copy_to_host(const Tensor& tensor, void* to) {
  if (tensor.numel() == 0) return;
  if (tensor.is_cpu() && tensor.is_contiguous()) {
    std::memcpy(to, tensor.data_ptr(), tensor.nbytes());
  } else {
    at::from_blob(to, tensor.sizes(), tensor.options().device(at::kCPU)).copy_(tensor);
  }
}

} // namespace kontrast
