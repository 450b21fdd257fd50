#include "handle.h"

#include <algorithm>
#include <atomic>

#include "allocator.h"

namespace kontrast {

/// The handles of one JavaScript environment, in a ring that starts and ends at `ring`.
struct Environment {
  Handle ring;
  napi_env env;

  explicit Environment(napi_env e) : env(e) { ring.previous = ring.next = &ring; }
};

namespace {

// Atomic because worker threads may each load the addon.
std::atomic<int64_t> live_tensors{0};
std::atomic<int64_t> live_bytes{0};

/// While less is alive, nobody looks for tensors that JavaScript has lost.
constexpr int64_t least_to_collect = int64_t{1} << 30;
std::atomic<int64_t> collect_at{least_to_collect};

/// The environment whose JavaScript runs on this thread.
thread_local std::weak_ptr<Environment> here;

void account(napi_env env, int64_t tensors, int64_t bytes) {
  live_tensors += tensors;
  live_bytes += bytes;
  // A part only: tensors are freed by tfjs, collection is a safety net. With all bytes reported, V8 collected the whole
  // heap twice in every training step, as each step takes and frees hundreds of megabytes.
  constexpr int64_t reported_part = 16;
  int64_t total = 0;
  napi_adjust_external_memory(env, bytes / reported_part, &total);
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
  const std::shared_ptr<Environment> environment = here.lock();
  if (environment == nullptr) return false;
  napi_env env = environment->env;
  collect_garbage(env);
  bool freed = false;
  for (Handle* handle = environment->ring.next; handle != &environment->ring; handle = handle->next) {
    if (!handle->tensor.defined()) continue;
    napi_handle_scope scope = nullptr;
    if (napi_open_handle_scope(env, &scope) != napi_ok) return freed;
    napi_value value = nullptr;
    const bool known = napi_get_reference_value(env, handle->self, &value) == napi_ok;
    napi_close_handle_scope(env, scope);
    if (!known || value != nullptr) continue;
    dispose_handle(env, *handle);
    freed = true;
  }
  return freed;
}

void finalize(napi_env env, void* data, void*) {
  auto* handle = static_cast<Handle*>(data);
  dispose_handle(env, *handle);
  handle->previous->next = handle->next;
  handle->next->previous = handle->previous;
  napi_delete_reference(env, handle->self);
  delete handle;
}

std::shared_ptr<Environment>& environment_of(napi_env env) {
  void* data = nullptr;
  if (napi_get_instance_data(env, &data) != napi_ok || data == nullptr) {
    throw std::logic_error("this environment has ended");
  }
  return *static_cast<std::shared_ptr<Environment>*>(data);
}

} // namespace

void begin_environment(napi_env env) {
  auto* environment = new std::shared_ptr<Environment>(std::make_shared<Environment>(env));
  here = *environment;
  set_reclaim(free_unreachable);
  const napi_finalize end = [](napi_env, void* data, void*) {
    set_reclaim(nullptr); // handles that are finalized later keep the ring alive
    delete static_cast<std::shared_ptr<Environment>*>(data);
  };
  napi_set_instance_data(env, environment, end, nullptr);
}

napi_value make_handle(napi_env env, Tensor tensor) {
  if (live_bytes > collect_at) {
    free_unreachable();
    collect_at = std::max(least_to_collect, 2 * live_bytes.load());
  }
  auto handle = std::make_unique<Handle>();
  handle->owner = environment_of(env);
  handle->bytes = tensor.storage().use_count() == 1 ? static_cast<int64_t>(tensor.nbytes()) : 0;
  handle->tensor = std::move(tensor);
  napi_value value = nullptr;
  if (napi_create_external(env, handle.get(), nullptr, nullptr, &value) != napi_ok ||
      napi_add_finalizer(env, value, handle.get(), finalize, nullptr, &handle->self) != napi_ok) {
    throw std::runtime_error("could not create a handle");
  }
  Handle& ring = handle->owner->ring;
  handle->previous = ring.previous;
  handle->next = &ring;
  ring.previous->next = handle.get();
  ring.previous = handle.get();
  account(env, 1, handle->bytes);
  handle.release(); // now owned by the external value
  return value;
}

Handle& handle_of(napi_env env, napi_value value) {
  void* data = nullptr;
  if (napi_get_value_external(env, value, &data) != napi_ok || data == nullptr ||
      static_cast<Handle*>(data)->tag != Handle::magic) {
    throw std::invalid_argument("expected a tensor handle");
  }
  return *static_cast<Handle*>(data);
}

const Tensor& tensor_of(napi_env env, napi_value value) {
  const Handle& handle = handle_of(env, value);
  if (!handle.tensor.defined()) throw std::invalid_argument("the tensor was disposed of");
  return handle.tensor;
}

void dispose_handle(napi_env env, Handle& handle) {
  if (!handle.tensor.defined()) return;
  handle.tensor.reset();
  account(env, -1, -handle.bytes);
}

int64_t alive_tensors() { return live_tensors; }

} // namespace kontrast
