#pragma once

namespace kontrast {

/// Throws std::runtime_error `built against libtorch 1.13.0, but libtorch 2.6.0 was loaded` when the first two numbers
/// differ: no promise of libtorch's holds between such releases.
void require_same_libtorch();

} // namespace kontrast
