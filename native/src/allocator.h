// Where the tensors of the CPU take their memory.
#pragma once

#include <cstdint>
#include <new>

namespace kontrast {

/// Makes libtorch take the memory of its CPU tensors from a pool; called before the first tensor, again without effect.
void use_pool_allocator();

/// Bytes of tensors on the CPU in this process. Tensors that share memory count once.
struct MemoryUse {
  int64_t held;   // by tensors that are alive
  int64_t pooled; // freed, and kept for the next tensors
  int64_t peak;   // largest `held` so far
};
MemoryUse memory_use();

/// Gives blocks back to the system that no tensor asked for during so many seconds; 0 gives back all.
void trim_pool(double seconds);

/// Memory that could not be had, and what was in use when it was asked for.
struct OutOfMemory : std::bad_alloc {
  int64_t asked;
  MemoryUse use;
  OutOfMemory(int64_t a, MemoryUse u) : asked(a), use(u) {}
  const char* what() const noexcept override { return "out of memory"; }
};

/// Gives back what the pool keeps, and what JavaScript has lost without disposing of it; before anybody gives up.
void make_room();

/// How this thread frees tensors that nobody can reach; says whether there were any.
using Reclaim = bool (*)();
void set_reclaim(Reclaim reclaim);

} // namespace kontrast
