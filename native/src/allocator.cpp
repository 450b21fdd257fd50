// Keeps freed blocks for the next tensor of their size. A training step frees and asks for the same blocks again and
// again; returned to the system, every page would be mapped and zeroed anew on its first touch, which costs an
// element-wise kernel more than its arithmetic does.
#include "allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <unordered_map>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace kontrast {
namespace {

constexpr size_t small = size_t{1} << 16;     // below, malloc keeps blocks itself
constexpr size_t huge = size_t{1} << 22;      // from here on pages of 2 MiB are asked for
constexpr size_t most_kept = size_t{1} << 30; // beyond, everything kept goes back to the system

/// Sizes in steps of an eighth of their power of two: at most 12.5 % is wasted, and sizes meet often.
size_t size_class(size_t bytes) {
  size_t power = small;
  while (power * 2 <= bytes) power *= 2;
  const size_t step = power / 8;
  return (bytes + step - 1) / step * step;
}

void* system_block(size_t bytes) {
  const size_t alignment = bytes >= huge ? size_t{1} << 21 : 64;
  void* block = nullptr;
  if (posix_memalign(&block, alignment, bytes) != 0) {
    throw std::runtime_error("out of memory: could not get " + std::to_string(bytes) + " bytes");
  }
#if defined(__linux__)
  if (bytes >= huge) madvise(block, bytes, MADV_HUGEPAGE); // advice only: a failure changes nothing but speed
#endif
  return block;
}

class Pool {
 public:
  void* take(size_t bytes) {
    const size_t size = size_class(bytes);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      std::vector<void*>& free = free_[size];
      if (!free.empty()) {
        void* block = free.back();
        free.pop_back();
        kept_ -= size;
        return block;
      }
    }
    return system_block(size);
  }

  void give_back(void* block, size_t bytes) {
    const size_t size = size_class(bytes);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (kept_ + size > most_kept) clear();
    free_[size].push_back(block);
    kept_ += size;
  }

 private:
  void clear() {
    for (auto& [size, blocks] : free_) {
      for (void* block : blocks) std::free(block);
      blocks.clear();
    }
    kept_ = 0;
  }

  std::mutex mutex_;
  std::unordered_map<size_t, std::vector<void*>> free_;
  size_t kept_ = 0;
};

Pool& pool() {
  static auto* const forever = new Pool; // tensors may outlive static destructors
  return *forever;
}

/// Says how large a block is: stands in front of it.
struct Header {
  size_t bytes;
};
constexpr size_t header_bytes = 64; // keeps the alignment that vector instructions like

void release(void* data) {
  if (data == nullptr) return;
  auto* block = static_cast<char*>(data) - header_bytes;
  const size_t bytes = reinterpret_cast<Header*>(block)->bytes;
  if (bytes < small) std::free(block);
  else pool().give_back(block, bytes);
}

void* acquire(size_t count) {
  if (count == 0) return nullptr;
  const size_t bytes = count + header_bytes;
  void* block = bytes < small ? system_block(bytes) : pool().take(bytes);
  static_cast<Header*>(block)->bytes = bytes;
  return static_cast<char*>(block) + header_bytes;
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

} // namespace kontrast
