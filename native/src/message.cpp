// What an exception says in JavaScript.
#include <cstdio>

#include "allocator.h"
#include "device.h"
#include "kernel.h"

namespace kontrast {
namespace {

/// Such as 4.0 GiB, 12 KiB.
std::string amount(int64_t bytes) {
  const char* const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes);
  int unit = 0;
  for (; value >= 1024 && unit < 6; ++unit) value /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, unit < 3 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text;
}

std::string out_of_memory(int64_t asked, const MemoryUse& use) {
  std::ostringstream text;
  text << "out of memory: ";
  if (asked > 0) text << amount(asked) << " asked for, ";
  text << amount(use.held) << " held in " << alive_tensors() << " tensors (" << amount(use.pooled)
       << " pooled); dispose tensors, use tidy or a smaller batch";
  return text.str();
}

} // namespace

std::string message_of(const std::exception& error) {
  if (const auto* missing = dynamic_cast<const OutOfMemory*>(&error)) return out_of_memory(missing->asked, missing->use);
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return out_of_memory(0, memory_use());
  if (const auto* full = dynamic_cast<const c10::OutOfMemoryError*>(&error)) { // of a GPU: asked for and free are in it
    const std::string message = full->what_without_backtrace();
    return message.substr(0, message.find(". Of the allocated")) + "; " + out_of_memory(0, device_memory());
  }
  if (const auto* torch_error = dynamic_cast<const c10::Error*>(&error)) {
    const std::string message = torch_error->what_without_backtrace();
    return message.substr(0, message.find('\n'));
  }
  return error.what();
}

} // namespace kontrast
