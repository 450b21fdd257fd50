// From the host to the engine's device. On the CPU this costs nothing; to a GPU a copy is queued on the current stream
// through pinned memory, so that neither side waits for the other.
#pragma once

#include <vector>

#include "handle.h"

namespace kontrast {

/// Room for host values that are to be uploaded: pinned memory where the engine's device is not the CPU.
Tensor host_buffer(const Shape& shape, at::ScalarType type);

/// The values of a host tensor on the engine's device (the tensor itself, if that is the CPU). Returns before the copy
/// is done; a pinned buffer is kept by libtorch until then.
Tensor upload(const Tensor& host);

/// A table that a kernel has computed on the host, on the device of `like`.
template <class T>
Tensor table(const std::vector<T>& values, at::ScalarType type, const Tensor& like) {
  const Tensor host = at::tensor(values, at::TensorOptions().dtype(type));
  return like.is_cpu() ? host : like.is_meta() ? host.to(like.device()) : upload(host.pin_memory());
}

/// Whether a kernel may look at values to check them: there are some, and no graph is being recorded, into which a read
/// cannot go. (Whoever records a step has run it before, with the checks.)
bool can_look(const Tensor& x);

/// The smallest and the largest of some whole numbers, at least one; waits for the device.
struct Extremes {
  int64_t low;
  int64_t high;
};
Extremes extremes(const Tensor& x);

} // namespace kontrast
