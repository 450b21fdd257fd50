#include "pool.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "system_memory.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace kontrast {
namespace {

constexpr size_t small = size_t{1} << 16;       // below, malloc keeps blocks itself
constexpr size_t huge = size_t{1} << 22;        // from here on pages of 2 MiB are asked for
constexpr size_t always_kept = size_t{1} << 28; // so much may be kept whatever the tensors needed so far
constexpr size_t unchecked = size_t{1} << 26;   // so much may be taken before the system's memory is looked at again

/// Sizes in steps of an eighth of their power of two: at most 12.5 % is wasted, and sizes meet often.
size_t size_class(size_t bytes) {
  size_t power = small;
  while (power * 2 <= bytes) power *= 2;
  const size_t step = power / 8;
  return (bytes + step - 1) / step * step;
}

/// Linux promises memory that it does not have, and ends the process that touches it: so the promise is checked.
bool is_there(size_t bytes) {
  static std::atomic<size_t> since_check{0};
  if ((since_check += bytes) < unchecked) return true;
  since_check = 0;
  return static_cast<int64_t>(bytes) < available_memory();
}

void* system_block(size_t bytes) {
  if (bytes >= small && !is_there(bytes)) return nullptr;
  const size_t alignment = bytes >= huge ? size_t{1} << 21 : 64;
  void* block = nullptr;
  if (posix_memalign(&block, alignment, bytes) != 0) return nullptr;
#if defined(__linux__)
  if (bytes >= huge) madvise(block, bytes, MADV_HUGEPAGE); // advice only: a failure changes nothing but speed
#endif
  return block;
}

void free_all(const std::vector<void*>& blocks) {
  for (void* block : blocks) std::free(block);
}

} // namespace

PoolBlock Pool::take(size_t bytes) {
  if (bytes < small) return {system_block(bytes), bytes};
  const size_t size = size_class(bytes);
  std::vector<void*> evicted;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    // A block that is a little larger serves as well: one that fits exactly would be a further one to hold.
    const auto found = free_.lower_bound(size);
    if (found != free_.end() && found->first <= size + size / 4) {
      const PoolBlock block{found->second.back().data, found->first};
      found->second.pop_back();
      if (found->second.empty()) free_.erase(found);
      kept_ -= block.size;
      count(block.size);
      return block;
    }
    const size_t limit = std::max(always_kept, most_taken_), needed = taken_ + size;
    evicted = evict(limit > needed ? limit - needed : 0, Clock::time_point::max());
  }
  free_all(evicted);
  void* block = system_block(size);
  if (block == nullptr) return {nullptr, size};
  const std::lock_guard<std::mutex> lock(mutex_);
  count(size);
  return {block, size};
}

void Pool::count(size_t size) {
  taken_ += size;
  most_lately_ = std::max(most_lately_, taken_);
  most_taken_ = std::max(most_taken_, taken_);
}

void Pool::give_back(PoolBlock block) noexcept {
  if (block.size < small) return std::free(block.data);
  const std::lock_guard<std::mutex> lock(mutex_);
  taken_ -= block.size;
  try {
    free_[block.size].push_back({block.data, Clock::now()});
    kept_ += block.size;
  } catch (const std::bad_alloc&) { // no memory left to remember it by
    std::free(block.data);
  }
}

void Pool::trim(double seconds) {
  std::vector<void*> evicted;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    most_taken_ = most_lately_;
    most_lately_ = taken_;
    const auto age = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    evicted = evict(0, Clock::now() - age);
  }
  free_all(evicted);
#if defined(__GLIBC__)
  if (!evicted.empty()) malloc_trim(0); // malloc itself keeps what was freed below 32 MiB
#endif
}

int64_t Pool::kept() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int64_t>(kept_);
}

std::vector<void*> Pool::evict(size_t most, Clock::time_point before) {
  std::vector<void*> evicted;
  while (kept_ > most) {
    auto oldest = free_.end();
    for (auto line = free_.begin(); line != free_.end(); ++line) {
      if (line->second.front().since > before) continue;
      if (oldest == free_.end() || line->second.front().since < oldest->second.front().since) oldest = line;
    }
    if (oldest == free_.end()) break;
    evicted.push_back(oldest->second.front().data);
    oldest->second.erase(oldest->second.begin());
    kept_ -= oldest->first;
    if (oldest->second.empty()) free_.erase(oldest);
  }
  return evicted;
}

} // namespace kontrast
