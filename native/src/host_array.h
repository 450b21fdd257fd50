// Typed arrays that receive the values of tensors.
#pragma once

#include "handle.h"

namespace kontrast {

/// A typed array and the memory behind it.
struct HostArray {
  napi_value array;
  void* data;
};

/// A new Float32Array, Int32Array or (bool) Uint8Array with room for the tensor's values; a complex number takes two.
/// Throws OutOfMemory where V8 itself would end the process.
HostArray new_host_array(napi_env env, const Tensor& tensor);

/// Copies a tensor's values, which may be on any device, and waits until they are there. Any thread may call it.
void copy_to_host(const Tensor& tensor, void* to);

} // namespace kontrast
