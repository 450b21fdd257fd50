#include "handle.h"

#include <atomic>

namespace kontrast {

namespace {

// Atomic because worker threads may each load the addon.
std::atomic<int64_t> live_tensors{0};
std::atomic<int64_t> live_bytes{0};

void account(napi_env env, int64_t tensors, int64_t bytes) {
  live_tensors += tensors;
  live_bytes += bytes;
  // A part only: tensors are freed by tfjs, collection is a safety net. With all bytes reported, V8 collected the whole
  // heap twice in every training step, as each step takes and frees hundreds of megabytes.
  constexpr int64_t reported_part = 16;
  int64_t total = 0;
  napi_adjust_external_memory(env, bytes / reported_part, &total);
}

void finalize(napi_env env, void* data, void*) {
  auto* handle = static_cast<Handle*>(data);
  dispose_handle(env, *handle);
  delete handle;
}

} // namespace

napi_value make_handle(napi_env env, Tensor tensor) {
  auto handle = std::make_unique<Handle>();
  handle->bytes = static_cast<int64_t>(tensor.nbytes());
  handle->tensor = std::move(tensor);
  napi_value value = nullptr;
  if (napi_create_external(env, handle.get(), finalize, nullptr, &value) != napi_ok) {
    throw std::runtime_error("could not create a handle");
  }
  account(env, 1, handle->bytes);
  handle.release(); // now owned by the external value
  return value;
}

Handle& handle_of(napi_env env, napi_value value) {
  void* data = nullptr;
  if (napi_get_value_external(env, value, &data) != napi_ok || data == nullptr ||
      static_cast<Handle*>(data)->tag != Handle::magic) {
    throw std::invalid_argument("expected a tensor handle");
  }
  return *static_cast<Handle*>(data);
}

const Tensor& tensor_of(napi_env env, napi_value value) {
  const Handle& handle = handle_of(env, value);
  if (!handle.tensor.defined()) throw std::invalid_argument("the tensor was disposed of");
  return handle.tensor;
}

void dispose_handle(napi_env env, Handle& handle) {
  if (!handle.tensor.defined()) return;
  handle.tensor.reset();
  account(env, -1, -handle.bytes);
}

Alive alive() { return {live_tensors, live_bytes}; }

} // namespace kontrast
