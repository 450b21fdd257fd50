#include "read_later.h"

#include <ATen/core/grad_mode.h>

#include "host_array.h"
#include "kernel.h"

namespace kontrast {
namespace {

/// A copy under way. Node waits for the thread that makes it before it ends the environment of its JavaScript, so the
/// memory it writes to is there as long as the copy takes.
struct Reading {
  Tensor tensor; // a reference of its own: JavaScript may dispose of the tensor
  void* to = nullptr;
  std::string error;
  napi_ref array = nullptr;
  napi_deferred promise = nullptr;
  napi_async_work work = nullptr;
};

/// On a thread of the pool.
void copy(napi_env, void* data) {
  auto* reading = static_cast<Reading*>(data);
  try {
    const c10::InferenceMode inference;
    copy_to_host(reading->tensor, reading->to);
  } catch (const std::exception& error) {
    reading->error = message_of(error);
  } catch (...) {
    reading->error = "unknown error";
  }
}

/// On the thread of JavaScript; when the environment is ending, no call into it has an effect any more.
void settle(napi_env env, napi_status status, void* data) {
  const std::unique_ptr<Reading> reading(static_cast<Reading*>(data));
  napi_value array = nullptr;
  napi_get_reference_value(env, reading->array, &array);
  if (status == napi_ok && reading->error.empty() && array != nullptr) {
    napi_resolve_deferred(env, reading->promise, array);
  } else {
    const std::string text = "read: " + (reading->error.empty() ? std::string("was cancelled") : reading->error);
    napi_value message = nullptr;
    napi_value error = nullptr;
    napi_create_string_utf8(env, text.c_str(), text.size(), &message);
    napi_create_error(env, nullptr, message, &error);
    napi_reject_deferred(env, reading->promise, error);
  }
  napi_delete_reference(env, reading->array);
  napi_delete_async_work(env, reading->work);
}

napi_value begin(napi_env env, napi_value handle) {
  auto reading = std::make_unique<Reading>();
  reading->tensor = Argument<Tensor>::from(env, handle); // what is stored as bfloat16 becomes float32
  const HostArray host = new_host_array(env, reading->tensor);
  reading->to = host.data;
  napi_value name = nullptr;
  napi_create_string_utf8(env, "kontrast.read", NAPI_AUTO_LENGTH, &name);
  if (napi_create_reference(env, host.array, 1, &reading->array) != napi_ok ||
      napi_create_async_work(env, nullptr, name, copy, settle, reading.get(), &reading->work) != napi_ok) {
    throw std::runtime_error("could not begin");
  }
  napi_value promise = nullptr;
  napi_create_promise(env, &reading->promise, &promise);
  if (napi_queue_async_work(env, reading->work) != napi_ok) throw std::runtime_error("could not begin");
  reading.release(); // settle deletes it
  return promise;
}

} // namespace

Napi::Value read_later(const Napi::CallbackInfo& info) {
  napi_value handle = info[0];
  try {
    return Napi::Value(info.Env(), begin(info.Env(), handle));
  } catch (const std::exception& error) {
    throw_js(info.Env(), "read", &error, &handle, 1);
    return info.Env().Undefined();
  }
}

} // namespace kontrast
