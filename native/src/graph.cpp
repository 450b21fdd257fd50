#include "graph.h"

#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <map>
#include <memory>
#include <optional>

#include "device.h"
#include "kernel.h"

#ifdef KONTRAST_CUDA
#include <ATen/cuda/CUDAGraph.h>
#endif

namespace kontrast {

#ifdef KONTRAST_CUDA

namespace {

struct Recording {
  at::cuda::CUDAGraph graph;
  std::vector<Tensor> constants;
};

/// Recording needs a stream of its own: the default stream waits for all others.
struct Current {
  std::unique_ptr<Recording> recording = std::make_unique<Recording>();
  c10::StreamGuard stream;
  explicit Current(c10::Stream own) : stream(own) {}
};
std::optional<Current>& current() {
  static auto* const forever = new std::optional<Current>; // CUDA may be gone when static destructors run
  return *forever;
}

std::map<int64_t, std::unique_ptr<Recording>>& recordings() {
  static auto* const forever = new std::map<int64_t, std::unique_ptr<Recording>>;
  return *forever;
}

c10::Stream side_stream() { return c10::impl::VirtualGuardImpl(device().type()).getStreamFromGlobalPool(device()); }

void begin() {
  require(device().is_cuda(), "a step can be recorded on CUDA only, and the engine computes on ", device().str());
  require(!is_recording(), "another step is being recorded");
  // What was queued before must be done: the graph is not ordered after it.
  c10::impl::VirtualGuardImpl(device().type()).getStream(device()).synchronize();
  current().emplace(side_stream());
  try {
    // Relaxed: other threads read tensors back, and constants are uploaded, while this thread records.
    current()->recording->graph.capture_begin({0, 0}, cudaStreamCaptureModeRelaxed);
  } catch (...) {
    current().reset();
    throw;
  }
}

/// Ends the recording also where it fails: the stream and the allocator must leave their mode.
std::unique_ptr<Recording> ended() {
  require(is_recording(), "no step is being recorded");
  std::unique_ptr<Recording> recording = std::move(current()->recording);
  try {
    recording->graph.capture_end();
  } catch (...) {
    current().reset();
    throw;
  }
  current().reset();
  return recording;
}

int64_t end() {
  static int64_t last = 0;
  recordings()[++last] = ended();
  return last;
}

void cancel() {
  if (!is_recording()) return; // ending it failed
  try {
    ended();
  } catch (const c10::Error&) {
    // The step failed before, and its own error is on its way; CUDA says here only that the recording is void.
  }
}

void replay(int64_t number) {
  const auto found = recordings().find(number);
  require(found != recordings().end(), "there is no recording ", number);
  found->second->graph.replay();
}

void forget(int64_t number) { recordings().erase(number); }

} // namespace

bool can_record() { return true; }

bool is_recording() { return current().has_value(); }

Tensor recorded_constant(const Tensor& host) {
  const c10::StreamGuard beside(side_stream());
  Tensor constant = host.to(device(), host.scalar_type(), /*non_blocking=*/true);
  beside.current_stream().synchronize();
  current()->recording->constants.push_back(constant);
  return constant;
}

#else

namespace {

[[noreturn]] void unsupported() {
  throw std::logic_error("this build of the native engine cannot record steps: it has no CUDA, or its headers were missing");
}
void begin() { unsupported(); }
int64_t end() { unsupported(); }
void cancel() { unsupported(); }
void replay(int64_t) { unsupported(); }
void forget(int64_t) { unsupported(); }

} // namespace

bool can_record() { return false; }
bool is_recording() { return false; }
Tensor recorded_constant(const Tensor&) { unsupported(); }

#endif

namespace {

/// Runs a function of this file with the guards of a kernel and its errors as JavaScript errors.
template <class Work>
Napi::Value guarded(const Napi::CallbackInfo& info, const char* name, const Work& work) {
  try {
    const KernelScope scope;
    return work();
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), std::string(name) + ": " + message_of(error));
  }
}

int64_t number_of(const Napi::CallbackInfo& info) { return info[0].As<Napi::Number>().Int64Value(); }

Napi::Value record_begin(const Napi::CallbackInfo& info) {
  return guarded(info, "record", [&] { return begin(), info.Env().Undefined(); });
}

Napi::Value record_end(const Napi::CallbackInfo& info) {
  return guarded(info, "record", [&] { return Napi::Number::New(info.Env(), static_cast<double>(end())); });
}

Napi::Value record_cancel(const Napi::CallbackInfo& info) {
  return guarded(info, "record", [&] { return cancel(), info.Env().Undefined(); });
}

Napi::Value replay_one(const Napi::CallbackInfo& info) {
  return guarded(info, "replay", [&] { return replay(number_of(info)), info.Env().Undefined(); });
}

Napi::Value forget_one(const Napi::CallbackInfo& info) {
  return guarded(info, "forget", [&] { return forget(number_of(info)), info.Env().Undefined(); });
}

/// Writes the values of the second tensor into the memory of the first, which has its shape and dtype.
Napi::Value assign(const Napi::CallbackInfo& info) {
  return guarded(info, "assign", [&] {
    const Tensor &target = tensor_of(info.Env(), info[0]), &values = tensor_of(info.Env(), info[1]);
    require(target.sizes() == values.sizes() && target.scalar_type() == values.scalar_type(),
            "expected values of shape ", target.sizes(), ", got ", values.sizes());
    target.copy_(values, /*non_blocking=*/true);
    return info.Env().Undefined();
  });
}

} // namespace

void define_graph(Napi::Env env, Napi::Object& exports) {
  exports.Set("recordBegin", Napi::Function::New(env, record_begin, "recordBegin"));
  exports.Set("recordEnd", Napi::Function::New(env, record_end, "recordEnd"));
  exports.Set("recordCancel", Napi::Function::New(env, record_cancel, "recordCancel"));
  exports.Set("replay", Napi::Function::New(env, replay_one, "replay"));
  exports.Set("forget", Napi::Function::New(env, forget_one, "forget"));
  exports.Set("assign", Napi::Function::New(env, assign, "assign"));
}

} // namespace kontrast
