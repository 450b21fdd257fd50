#include "slots.h"

namespace kontrast {
namespace {

// From the highest bit: 15 for the tag, 24 for the generation, 24 for the slot; the lowest stays 0, as in a pointer.
constexpr int bits = 24;
constexpr uint64_t mask = (uint64_t{1} << bits) - 1;
constexpr uint64_t tag = 0x4b6f;
static_assert(sizeof(void*) == sizeof(uint64_t), "keys need pointers of 64 bits");

void* key_of(uint64_t generation, uint64_t number) {
  return reinterpret_cast<void*>((tag << (2 * bits + 1)) | (generation << (bits + 1)) | (number << 1));
}

uint32_t number_of(void* key) { return static_cast<uint32_t>((reinterpret_cast<uint64_t>(key) >> 1) & mask); }

} // namespace

void* Slots::take() {
  if (free_.empty()) {
    if (slots_.size() > mask) throw std::runtime_error("too many tensors; dispose of some");
    slots_.emplace_back();
    if (free_.capacity() < slots_.size()) free_.reserve(2 * slots_.size()); // release must not have to ask for memory
    free_.push_back(static_cast<uint32_t>(slots_.size() - 1));
  }
  const uint32_t number = free_.back();
  free_.pop_back();
  slots_[number].taken = true;
  return key_of(slots_[number].generation, number);
}

Slot* Slots::find(void* key) {
  const uint32_t number = number_of(key);
  const uint64_t bare = reinterpret_cast<uint64_t>(key);
  if (bare >> (2 * bits + 1) != tag || number >= slots_.size()) throw std::invalid_argument("expected a tensor handle");
  Slot& slot = slots_[number];
  return slot.taken && key_of(slot.generation, number) == key ? &slot : nullptr;
}

void Slots::release(Slot& slot, void* key) {
  slot.taken = false;
  slot.self = nullptr;
  slot.generation = (slot.generation + 1) & mask;
  free_.push_back(number_of(key));
}

} // namespace kontrast
