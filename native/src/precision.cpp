#include "precision.h"

namespace kontrast {

bool& reducing() {
  static thread_local bool on = false;
  return on;
}

bool has_fast_bfloat16() {
#if defined(__x86_64__) && defined(__GNUC__)
  return __builtin_cpu_supports("avx512bf16") != 0; // processors with AMX have it too
#else
  return false;
#endif
}

namespace {

/// The same values stored as float32.
Tensor Widen(const Stored& x) { return x.tensor.to(at::kFloat); }
KONTRAST_KERNEL(Widen);

} // namespace
} // namespace kontrast
