// The addon's own functions: what it is, how tensors come in and out, and the table of kernels.
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/version.h>

#include <climits>
#include <cstdlib>
#include <cstring>

#include "allocator.h"
#include "device.h"
#include "graph.h"
#include "kernel.h"
#include "precision.h"
#include "read_later.h"
#include "transfer.h"
#include "version.h"

namespace kontrast {

namespace {

/// The BLAS that libtorch calls: whoever answers to libblas.so.3, or what is linked into libtorch itself.
void* blas_symbol(const char* name) {
  void* library = dlopen("libblas.so.3", RTLD_NOLOAD | RTLD_LAZY);
  return dlsym(library != nullptr ? library : RTLD_DEFAULT, name);
}

/// Its file, links followed, such as /usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3.
std::string blas_library() {
  if (at::hasMKL()) return "mkl";
  void* symbol = blas_symbol("sgemm_");
  Dl_info info;
  if (symbol == nullptr || dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) return "built in";
  char path[PATH_MAX];
  return realpath(info.dli_fname, path) != nullptr ? path : info.dli_fname;
}

/// OpenBLAS keeps threads of its own; MKL and reference BLAS follow at::set_num_threads or have one thread.
void set_blas_threads(int count) {
  using SetThreads = void (*)(int);
  if (void* symbol = blas_symbol("openblas_set_num_threads")) reinterpret_cast<SetThreads>(symbol)(count);
}

/// Copies host values to a new tensor of the given shape and dtype. Uint8 values may become any dtype; complex numbers
/// come as real and imaginary parts in turn.
Tensor write(const HostData& values, const Shape& shape, DType dtype) {
  if (dtype == DType::complex64) {
    Shape parts = shape;
    parts.push_back(2);
    return at::view_as_complex(write(values, parts, DType::float32));
  }
  const auto count = c10::multiply_integers(shape);
  require(static_cast<int64_t>(values.length) == count, "got ", values.length, " values for shape ",
          at::IntArrayRef(shape));
  const at::ScalarType type = dtype == DType::boolean && values.type == at::kByte ? at::kBool : values.type;
  const Tensor host = host_buffer(shape, type);
  if (count > 0) std::memcpy(host.data_ptr(), values.data, host.nbytes());
  return upload(host).to(scalar_type(dtype)); // converted on the device: a quarter of the way for Uint8 values
}
KONTRAST_KERNEL(write);

/// A copy of a tensor's values as Float32Array (also of complex numbers, two values each), Int32Array or (bool)
/// Uint8Array.
HostCopy read(const Tensor& x) { return {x}; }
KONTRAST_KERNEL(read);

/// The same values under another shape; shares memory.
Tensor view(const Stored& x, const Shape& shape) { return x.tensor.view(shape); }
KONTRAST_KERNEL(view);

Tensor fill(const Shape& shape, double value, DType dtype) {
  return at::full(shape, value, at::TensorOptions().dtype(scalar_type(dtype)).device(device()));
}
KONTRAST_KERNEL(fill);

/// start, start + step, … (count values).
Tensor range(double start, double step, int64_t count, DType dtype) {
  const Tensor steps = at::arange(count, at::TensorOptions().dtype(at::kDouble).device(device()));
  return steps.mul(step).add(start).to(scalar_type(dtype));
}
KONTRAST_KERNEL(range);

Napi::Value dispose(const Napi::CallbackInfo& info) {
  try {
    dispose_handle(info.Env(), info[0]);
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), std::string("dispose: ") + error.what());
  }
  return info.Env().Undefined();
}

Napi::Value memory(const Napi::CallbackInfo& info) {
  const MemoryUse use = device_memory();
  auto result = Napi::Object::New(info.Env());
  result.Set("tensors", static_cast<double>(alive_tensors()));
  result.Set("bytes", static_cast<double>(use.held));
  result.Set("pooled", static_cast<double>(use.pooled));
  result.Set("peak", static_cast<double>(use.peak));
  return result;
}

Napi::Value trim(const Napi::CallbackInfo& info) {
  trim_device(info[0].As<Napi::Number>().DoubleValue());
  return info.Env().Undefined();
}

Napi::Value set_threads(const Napi::CallbackInfo& info) {
  const int count = info[0].As<Napi::Number>().Int32Value();
  if (count < 1) throw Napi::RangeError::New(info.Env(), "setThreads: count must be >= 1");
  at::set_num_threads(count);
  set_blas_threads(count);
  return info.Env().Undefined();
}

/// From now on, whether what can be computed in bfloat16 is.
Napi::Value set_reducing(const Napi::CallbackInfo& info) {
  reducing() = info[0].As<Napi::Boolean>().Value();
  return info.Env().Undefined();
}

/// Puts the engine's tensors onto a device; throws what `set_device` throws.
Napi::Value choose_device(const Napi::CallbackInfo& info) {
  try {
    set_device(info[0].As<Napi::String>().Utf8Value());
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
  return info.Env().Undefined();
}

Napi::Value set_tf32(const Napi::CallbackInfo& info) {
  allow_tf32(info[0].As<Napi::Boolean>());
  return info.Env().Undefined();
}

/// For tests: whether kernels take the paths of other devices on the CPU too.
Napi::Value compose(const Napi::CallbackInfo& info) {
  set_composed(info[0].As<Napi::Boolean>());
  return info.Env().Undefined();
}

Napi::Value about(const Napi::CallbackInfo& info) {
  auto result = Napi::Object::New(info.Env());
  result.Set("version", TORCH_VERSION);
  result.Set("device", device().str());
  result.Set("cudaDevices", cuda_device_count());
  result.Set("graphs", can_record());
  result.Set("threads", at::get_num_threads());
  result.Set("blas", blas_library());
  result.Set("oneDnn", at::hasMKLDNN());
  result.Set("fastBfloat16", has_fast_bfloat16());
  return result;
}

} // namespace

static Napi::Object init(Napi::Env env, Napi::Object exports) {
  try {
    require_same_libtorch();
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  }
  use_pool_allocator();
  begin_environment(env);
  for (const Kernel& kernel : kernels()) {
    napi_value function = nullptr;
    napi_create_function(env, kernel.name, NAPI_AUTO_LENGTH, kernel.callback, const_cast<Kernel*>(&kernel), &function);
    exports.Set(kernel.name, function);
  }
  exports.Set("dispose", Napi::Function::New(env, dispose, "dispose"));
  exports.Set("readLater", Napi::Function::New(env, read_later, "readLater"));
  exports.Set("trim", Napi::Function::New(env, trim, "trim"));
  exports.Set("memory", Napi::Function::New(env, memory, "memory"));
  exports.Set("setThreads", Napi::Function::New(env, set_threads, "setThreads"));
  exports.Set("setReducing", Napi::Function::New(env, set_reducing, "setReducing"));
  exports.Set("setDevice", Napi::Function::New(env, choose_device, "setDevice"));
  exports.Set("setTf32", Napi::Function::New(env, set_tf32, "setTf32"));
  define_graph(env, exports);
  exports.Set("setComposed", Napi::Function::New(env, compose, "setComposed"));
  exports.Set("about", Napi::Function::New(env, about, "about"));
  return exports;
}

} // namespace kontrast

static Napi::Object Init(Napi::Env env, Napi::Object exports) { return kontrast::init(env, exports); }
NODE_API_MODULE(kontrast, Init)
