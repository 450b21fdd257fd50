// Attributes of kernels that come as typed arrays, one row of values per image.
#pragma once

#include "kernel.h"

namespace kontrast {

/// The values of a typed array, checked for type and number.
template <class T>
const T* values(const HostData& data, at::ScalarType type, int64_t length, const char* name) {
  require(data.type == type && static_cast<int64_t>(data.length) == length, name, " must have ", length, " values, got ",
          data.length);
  return static_cast<const T*>(data.data);
}

} // namespace kontrast
