#pragma once

#include <cstdint>

namespace kontrast {

/// Bytes that this process may still take before the system has to end a process: what is available on the machine, or
/// less under a limit of a control group (version 2). INT64_MAX where the system does not say.
int64_t available_memory();

} // namespace kontrast
