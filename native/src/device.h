// Where tensors live, and which path a kernel takes there.
#pragma once

#include <string>

#include "allocator.h"
#include "handle.h"

namespace kontrast {

/// The device of all tensors that are made from host values: the CPU, unless `set_device` was called.
at::Device device();

/// Puts tensors made from now on onto "cpu", "cuda" or "cuda:N". Throws std::invalid_argument with the way out where
/// there is no such device, and while tensors on another device are alive.
void set_device(const std::string& name);

/// How many CUDA devices answer; 0 where libtorch was built without CUDA, or there is no driver.
int cuda_device_count();

/// Whether a kernel may take the loop that is written for the CPU; else it takes its composition of libtorch's own
/// kernels, which runs on every device.
bool takes_loop(const Tensor& x);
bool takes_loop(const at::Device& where);

/// Memory of the engine's device: on a GPU what libtorch's caching allocator holds, keeps and held at most.
MemoryUse device_memory();

/// Gives memory that was freed and kept back to the system, or on a GPU to the driver; seconds as in `trim_pool`.
void trim_device(double seconds);

/// Whether matrix products and convolutions may round their operands to 10 bits (TensorFloat-32). libtorch's own
/// default is convolutions only.
void allow_tf32(bool allowed);

/// For tests: makes `takes_loop` say no on the CPU too.
void set_composed(bool always);

} // namespace kontrast
