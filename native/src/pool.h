// Blocks of memory that are kept for reuse by size.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace kontrast {

/// A block of the pool; `data` is nullptr if the system has no memory.
struct PoolBlock {
  void* data;
  size_t size;
};

/// Never lets the process grow beyond what the tensors themselves once needed at a time (or 256 MiB):
/// before it asks the system for more than that, it gives back the blocks that were not used for the longest time. Any
/// thread may call it.
class Pool {
 public:
  /// A block of at least so many bytes.
  PoolBlock take(size_t bytes);
  void give_back(PoolBlock block) noexcept;
  /// Gives blocks back to the system that were not used during so many seconds.
  void trim(double seconds);
  /// Bytes of the blocks that wait for their next use.
  int64_t kept();

 private:
  using Clock = std::chrono::steady_clock;
  struct Block {
    void* data;
    Clock::time_point since;
  };
  void count(size_t size);
  /// Takes the oldest blocks out until no more than `most` bytes are kept, or the rest is younger than `before`.
  std::vector<void*> evict(size_t most, Clock::time_point before);

  std::mutex mutex_;
  std::map<size_t, std::vector<Block>> free_; // by size, the oldest first; no empty lines
  size_t kept_ = 0;
  size_t taken_ = 0;       // in use, of the sizes that are kept
  size_t most_taken_ = 0;  // largest `taken_` since the trim before the last
  size_t most_lately_ = 0; // largest `taken_` since the last trim
};

} // namespace kontrast
