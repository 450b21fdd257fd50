#include "transfer.h"

#include "device.h"
#include "graph.h"

namespace kontrast {

Tensor host_buffer(const Shape& shape, at::ScalarType type) {
  return at::empty(shape, at::TensorOptions().dtype(type).pinned_memory(!device().is_cpu()));
}

Tensor upload(const Tensor& host) {
  if (is_recording()) return recorded_constant(host);
  return device().is_cpu() ? host : host.to(device(), host.scalar_type(), /*non_blocking=*/true);
}

bool can_look(const Tensor& x) { return x.numel() > 0 && !is_recording(); }

Extremes extremes(const Tensor& x) {
  const auto [low, high] = x.aminmax();
  const Tensor both = at::stack({low, high}).to(at::kCPU, at::kLong); // one read-back instead of two
  return {both.data_ptr<int64_t>()[0], both.data_ptr<int64_t>()[1]};
}

} // namespace kontrast
