// A step recorded once and replayed with one call: a CUDA graph. Recording runs nothing; the tensors of the step get
// memory of their own, which every replay reads and writes again.
#pragma once

#include "handle.h"

namespace kontrast {

/// Whether this build can record: CUDA, and its headers were there.
bool can_record();

/// Whether kernels are being recorded now.
bool is_recording();

/// Host values for a step that is being recorded: uploaded at once, beside the recording, and kept as long as it.
Tensor recorded_constant(const Tensor& host);

/// Adds recordBegin(), recordEnd() → number, recordCancel(), replay(number), forget(number), assign(handle, handle).
void define_graph(Napi::Env env, Napi::Object& exports);

} // namespace kontrast
