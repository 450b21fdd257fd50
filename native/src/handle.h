// A tensor as JavaScript sees it: an external value that owns one at::Tensor until `dispose`.
#pragma once

#include <ATen/ATen.h>
#include <napi.h>

#include <memory>

namespace kontrast {

using at::Tensor;
using Shape = std::vector<int64_t>;

struct Environment;

/// Ownership: JavaScript owns the handle. `dispose` frees the tensor at once; the garbage collector frees the handle,
/// and with it a tensor that nobody disposed of. Both happen on the JavaScript thread.
struct Handle {
  static constexpr uint64_t magic = 0x4b6f6e7472617374; // guards against externals of other addons
  uint64_t tag = magic;
  Tensor tensor;
  int64_t bytes = 0;                  // as reported to the garbage collector; a view's bytes count with what it views
  napi_ref self = nullptr;            // weak: empty as soon as JavaScript cannot reach the handle any more
  std::shared_ptr<Environment> owner; // in whose list the handle stands
  Handle* previous = nullptr;
  Handle* next = nullptr;
};

/// Prepares a JavaScript environment (the main thread, or a worker) for handles; called once in each.
void begin_environment(napi_env env);

/// The external value of a tensor; the tensor must be contiguous and of an engine dtype.
napi_value make_handle(napi_env env, Tensor tensor);

/// The handle behind a value. Throws std::invalid_argument for anything that is not a handle.
Handle& handle_of(napi_env env, napi_value value);

/// The tensor behind a value. Throws std::invalid_argument when it was disposed of.
const Tensor& tensor_of(napi_env env, napi_value value);

/// Frees the tensor of a handle; a second call does nothing.
void dispose_handle(napi_env env, Handle& handle);

/// Number of tensors that are alive in this process.
int64_t alive_tensors();

} // namespace kontrast
