#pragma once

namespace kontrast {

/// Makes libtorch take the memory of its CPU tensors from a pool; called once, before the first tensor.
void use_pool_allocator();

} // namespace kontrast
