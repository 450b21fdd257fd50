// Where the tensors of one JavaScript environment are kept, under keys that are never used twice.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "handle.h"

namespace kontrast {

struct Slot {
  Tensor tensor;
  int64_t bytes = 0;       // as reported to the garbage collector; a view's bytes count with what it views
  napi_ref self = nullptr; // weak: empty as soon as JavaScript cannot reach the handle any more
  uint32_t generation = 0; // of the key that is valid
  bool taken = false;
};

/// A key is a tag, the generation and the number of a slot, so that it fits into the pointer of an external value
/// and equals no pointer of another addon.
class Slots {
 public:
  /// Takes a free slot; the pointer is its key.
  void* take();
  /// The slot of a key; nullptr after `release`. Throws std::invalid_argument for what is not a key.
  Slot* find(void* key);
  /// Makes a slot free, and its key invalid.
  void release(Slot& slot, void* key);

  std::deque<Slot>::iterator begin() { return slots_.begin(); }
  std::deque<Slot>::iterator end() { return slots_.end(); }

 private:
  std::deque<Slot> slots_; // addresses must stay
  std::vector<uint32_t> free_;
};

} // namespace kontrast
