// Keeps freed blocks for the next tensor of their size. A training step frees and asks for the same blocks again and
// again; returned to the system, every page would be mapped and zeroed anew on its first touch, which costs an
// element-wise kernel more than its arithmetic does.
#include "allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "pool.h"

namespace kontrast {
namespace {

std::atomic<int64_t> held{0};
std::atomic<int64_t> peak{0};
thread_local Reclaim reclaim = nullptr;

Pool& pool() {
  static auto* const forever = new Pool; // tensors may outlive static destructors
  return *forever;
}

void account(int64_t bytes) {
  const int64_t now = held.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  int64_t highest = peak.load(std::memory_order_relaxed);
  while (now > highest && !peak.compare_exchange_weak(highest, now, std::memory_order_relaxed)) {
  }
}

/// Says how large a tensor and its block are: stands in front of it.
struct Header {
  size_t bytes;
  size_t block;
};
constexpr size_t header_bytes = 64; // keeps the alignment that vector instructions like
constexpr size_t largest = std::numeric_limits<int64_t>::max() / 2;

void release(void* data) {
  if (data == nullptr) return;
  auto* block = static_cast<char*>(data) - header_bytes;
  const Header header = *reinterpret_cast<Header*>(block);
  account(-static_cast<int64_t>(header.bytes));
  pool().give_back({block, header.block});
}

PoolBlock block_of(size_t bytes) {
  if (const PoolBlock block = pool().take(bytes); block.data != nullptr) return block;
  const int64_t pooled = pool().kept();
  make_room();
  if (const PoolBlock block = pool().take(bytes); block.data != nullptr) return block;
  throw OutOfMemory(static_cast<int64_t>(bytes - header_bytes), {held, pooled, peak});
}

void* acquire(size_t count) {
  if (count == 0) return nullptr;
  if (count > largest) throw OutOfMemory(std::numeric_limits<int64_t>::max(), memory_use());
  const PoolBlock block = block_of(count + header_bytes);
  *static_cast<Header*>(block.data) = {count, block.size};
  account(static_cast<int64_t>(count));
  return static_cast<char*>(block.data) + header_bytes;
}

/// Overrides whichever `allocate` this libtorch declares (const before 2.3), so without the keyword `override`.
struct PoolAllocator final : c10::Allocator {
  c10::DataPtr allocate(size_t count) { return make(count); }
  c10::DataPtr allocate(size_t count) const { return make(count); }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void* to, const void* from, size_t count) const { std::memcpy(to, from, count); }

 private:
  static c10::DataPtr make(size_t count) {
    void* data = acquire(count);
    return {data, data, &release, c10::Device(c10::kCPU)};
  }
};

} // namespace

void use_pool_allocator() {
  static auto* const forever = new PoolAllocator;
  c10::SetCPUAllocator(forever, 1);
}

MemoryUse memory_use() { return {held, pool().kept(), peak}; }

void trim_pool(double seconds) { pool().trim(seconds); }

void make_room() {
  trim_pool(0);
  if (reclaim != nullptr && reclaim()) trim_pool(0);
}

void set_reclaim(Reclaim r) { reclaim = r; }

} // namespace kontrast
