#pragma once

#include <napi.h>

namespace kontrast {

/// readLater(handle): a promise of what `read` gives. A thread of libuv's pool copies (and waits for the device, where
/// there is one), so the event loop goes on; the tensor may be disposed of meanwhile.
Napi::Value read_later(const Napi::CallbackInfo& info);

} // namespace kontrast
