#include "handle.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "allocator.h"
#include "slots.h"

namespace kontrast {
namespace {

// Atomic because worker threads may each load the addon.
std::atomic<int64_t> live_tensors{0};
std::atomic<int64_t> live_bytes{0};

/// While less is alive, nobody looks for tensors that JavaScript has lost.
constexpr int64_t least_to_collect = int64_t{1} << 30;
std::atomic<int64_t> collect_at{least_to_collect};

struct Environment {
  napi_env env;
  Slots slots;
};

/// The environment whose JavaScript runs on this thread.
thread_local Environment* here = nullptr;

/// All environments. A finalizer may come after the end of its own, and then does not find it.
std::mutex registry_mutex;
std::unordered_map<Environment*, std::unique_ptr<Environment>>& registry() {
  static auto* const forever = new std::unordered_map<Environment*, std::unique_ptr<Environment>>;
  return *forever;
}

Environment& environment_of(napi_env env) {
  void* data = nullptr;
  if (napi_get_instance_data(env, &data) != napi_ok || data == nullptr) {
    throw std::logic_error("this environment has ended");
  }
  return *static_cast<Environment*>(data);
}

void account(napi_env env, int64_t tensors, int64_t bytes) {
  live_tensors += tensors;
  live_bytes += bytes;
  // A part only: tensors are freed by tfjs, collection is a safety net. With all bytes reported, V8 collected the whole
  // heap twice in every training step, as each step takes and frees hundreds of megabytes.
  constexpr int64_t reported_part = 16;
  int64_t total = 0;
  if (env != nullptr) napi_adjust_external_memory(env, bytes / reported_part, &total);
}

void free_tensor(napi_env env, Slot& slot) {
  if (!slot.tensor.defined()) return;
  slot.tensor.reset();
  account(env, -1, -slot.bytes);
}

/// V8 answers so much external memory with a collection on the spot; Node-API has no other way to ask for one.
void collect_garbage(napi_env env) {
  constexpr int64_t alarming = int64_t{1} << 36;
  int64_t total = 0;
  napi_adjust_external_memory(env, alarming, &total);
  napi_adjust_external_memory(env, -alarming, &total);
}

/// Frees the tensors whose handles were collected. Node runs finalizers when the event loop gets its next turn, and a
/// loop that loses tensors without a pause would exhaust the memory before.
bool free_unreachable() {
  if (here == nullptr) return false;
  napi_env env = here->env;
  collect_garbage(env);
  bool freed = false;
  for (Slot& slot : here->slots) {
    if (!slot.tensor.defined()) continue;
    napi_handle_scope scope = nullptr;
    if (napi_open_handle_scope(env, &scope) != napi_ok) return freed;
    napi_value value = nullptr;
    const bool known = napi_get_reference_value(env, slot.self, &value) == napi_ok;
    napi_close_handle_scope(env, scope);
    if (!known || value != nullptr) continue;
    free_tensor(env, slot); // the finalizer, which is on its way, releases the slot
    freed = true;
  }
  return freed;
}

void release(napi_env env, Environment& environment, void* key) {
  Slot* slot = environment.slots.find(key);
  if (slot == nullptr) return;
  free_tensor(env, *slot);
  napi_delete_reference(env, slot->self);
  environment.slots.release(*slot, key);
}

void finalize(napi_env env, void* key, void* environment) {
  {
    const std::lock_guard<std::mutex> lock(registry_mutex);
    if (registry().count(static_cast<Environment*>(environment)) == 0) return;
  }
  release(env, *static_cast<Environment*>(environment), key);
}

void end_environment(napi_env, void* data, void*) {
  auto* environment = static_cast<Environment*>(data);
  here = nullptr;
  set_reclaim(nullptr);
  for (Slot& slot : environment->slots) free_tensor(nullptr, slot);
  const std::lock_guard<std::mutex> lock(registry_mutex);
  registry().erase(environment);
}

void* key_behind(napi_env env, napi_value value) {
  void* key = nullptr;
  if (napi_get_value_external(env, value, &key) != napi_ok) throw std::invalid_argument("expected a tensor handle");
  return key;
}

} // namespace

void begin_environment(napi_env env) {
  auto environment = std::make_unique<Environment>(Environment{env, {}});
  here = environment.get();
  set_reclaim(free_unreachable);
  napi_set_instance_data(env, here, end_environment, nullptr);
  const std::lock_guard<std::mutex> lock(registry_mutex);
  registry().emplace(here, std::move(environment));
}

napi_value make_handle(napi_env env, Tensor tensor) {
  if (live_bytes > collect_at) {
    free_unreachable();
    collect_at = std::max(least_to_collect, 2 * live_bytes.load());
  }
  Environment& environment = environment_of(env);
  void* key = environment.slots.take();
  Slot& slot = *environment.slots.find(key);
  napi_value value = nullptr;
  if (napi_create_external(env, key, nullptr, nullptr, &value) != napi_ok ||
      napi_add_finalizer(env, value, key, finalize, &environment, &slot.self) != napi_ok) {
    environment.slots.release(slot, key);
    throw std::runtime_error("could not create a handle");
  }
  slot.bytes = tensor.storage().use_count() == 1 ? static_cast<int64_t>(tensor.nbytes()) : 0;
  slot.tensor = std::move(tensor);
  account(env, 1, slot.bytes);
  return value;
}

const Tensor* find_tensor(napi_env env, napi_value value) {
  const Slot* slot = environment_of(env).slots.find(key_behind(env, value));
  return slot != nullptr ? &slot->tensor : nullptr;
}

const Tensor& tensor_of(napi_env env, napi_value value) {
  const Tensor* tensor = find_tensor(env, value);
  if (tensor == nullptr) throw std::invalid_argument("the tensor was disposed of");
  return *tensor;
}

void dispose_handle(napi_env env, napi_value value) { release(env, environment_of(env), key_behind(env, value)); }

int64_t alive_tensors() { return live_tensors; }

int64_t alive_bytes() { return live_bytes; }

} // namespace kontrast
