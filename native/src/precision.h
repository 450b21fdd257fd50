// Which kernels compute in bfloat16, and when.
#pragma once

#include "kernel.h"

namespace kontrast {

/// Whether convolutions and dense layers that are given float32 compute in bfloat16; per thread, off at first.
bool& reducing();

/// Whether this processor has instructions for bfloat16; without them it is slower than float32.
bool has_fast_bfloat16();

/// Whether a tensor is stored as bfloat16. What follows a reduced kernel stays in bfloat16 by this, backwards too, until a
/// kernel that knows only float32 ends it.
inline bool is_reduced(const Stored& x) { return x.tensor.scalar_type() == at::kBFloat16; }

/// An operand of a kernel that computes in bfloat16 or not; tensors that are no float32 to JavaScript stay as they are.
inline Tensor operand(const Stored& x, bool reduced) {
  if (reduced == is_reduced(x) || !x.tensor.is_floating_point()) return x.tensor;
  return x.tensor.to(reduced ? at::kBFloat16 : at::kFloat);
}

} // namespace kontrast
