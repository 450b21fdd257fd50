// A tensor as JavaScript sees it: an external value that owns one at::Tensor until `dispose`.
//
// Ownership: JavaScript owns the handle. `dispose` frees the tensor and all that belongs to the handle at once; when
// the garbage collector takes a handle that nobody disposed of, its tensor goes too. Both happen on the JavaScript
// thread. The external value holds a number, not a pointer: what is left of it after `dispose` cannot do harm.
#pragma once

#include <ATen/ATen.h>
#include <napi.h>

namespace kontrast {

using at::Tensor;
using Shape = std::vector<int64_t>;

/// Prepares a JavaScript environment (the main thread, or a worker) for handles; called once in each.
void begin_environment(napi_env env);

/// The external value of a tensor; the tensor must be contiguous and of an engine dtype.
napi_value make_handle(napi_env env, Tensor tensor);

/// The tensor behind a value; nullptr when it was disposed of.
/// Throws std::invalid_argument for anything that is not a handle of this environment.
const Tensor* find_tensor(napi_env env, napi_value value);

/// The tensor behind a value. Throws std::invalid_argument also when it was disposed of.
const Tensor& tensor_of(napi_env env, napi_value value);

/// Frees the tensor of a handle; a second call does nothing.
void dispose_handle(napi_env env, napi_value value);

/// Number of tensors that are alive in this process.
int64_t alive_tensors();

/// Bytes of tensors that are alive, as far as they do not share memory.
int64_t alive_bytes();

} // namespace kontrast
