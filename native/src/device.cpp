#include "device.h"

#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/version.h>

#include <stdexcept>

#ifdef KONTRAST_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#endif

namespace kontrast {
namespace {

at::Device chosen(at::kCPU);
bool composed = false;

std::string devices_here(int count) {
  if (count == 0) return "there is none";
  return count == 1 ? "there is one, cuda:0" : "there are " + std::to_string(count) + ", the last is cuda:" + std::to_string(count - 1);
}

at::Device parsed(const std::string& name) {
  if (name == "cpu") return at::Device(at::kCPU);
  const bool numbered = name.rfind("cuda:", 0) == 0 && name.size() > 5 && name.size() < 8 &&
                        name.find_first_not_of("0123456789", 5) == std::string::npos;
  if (name != "cuda" && !numbered) {
    throw std::invalid_argument("device must be cpu, cuda or cuda:N, got " + name);
  }
  return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(numbered ? std::stoi(name.substr(5)) : 0));
}

} // namespace

at::Device device() { return chosen; }

int cuda_device_count() {
  // Without libtorch_cuda nobody has registered an implementation; with it, the count is 0 where the driver is missing.
  if (!c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA)) return 0;
  return c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->deviceCount();
}

void set_device(const std::string& name) {
  const at::Device wanted = parsed(name);
  if (wanted == chosen) return;
  if (wanted.is_cuda() && !c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA)) {
    throw std::invalid_argument(std::string("this build of libtorch ") + TORCH_VERSION +
                                " has no CUDA; install PyTorch with CUDA, then run npx kontrast setup");
  }
  const int count = cuda_device_count();
  if (wanted.is_cuda() && wanted.index() >= count) {
    throw std::invalid_argument("no CUDA device answers as " + wanted.str() + " (" + devices_here(count) +
                                "); see nvidia-smi, or choose device \"cpu\"");
  }
  const int64_t tensors = alive_tensors();
  if (tensors > 0) {
    throw std::invalid_argument("the device is " + chosen.str() + " as long as its tensors are alive, and " +
                                std::to_string(tensors) + " are; choose " + wanted.str() + " before the first tensor");
  }
  if (wanted.is_cuda()) {
    at::zeros({1}, at::TensorOptions().device(wanted)).item<float>(); // a GPU too old for this libtorch fails here
    at::globalContext().setBenchmarkCuDNN(true); // the shapes of a training repeat
  }
  chosen = wanted;
}

bool takes_loop(const at::Device& where) { return where.is_cpu() && !composed; }
bool takes_loop(const Tensor& x) { return takes_loop(x.device()); }

MemoryUse device_memory() {
  if (!chosen.is_cuda()) return memory_use();
#ifdef KONTRAST_CUDA
  const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(chosen.index());
  const auto& used = stats.allocated_bytes[0]; // of all its pools
  return {used.current, stats.reserved_bytes[0].current - used.current, used.peak};
#else
  return {alive_bytes(), 0, alive_bytes()};
#endif
}

void trim_device(double seconds) {
  trim_pool(seconds);
#ifdef KONTRAST_CUDA
  if (chosen.is_cuda() && seconds == 0) c10::cuda::CUDACachingAllocator::emptyCache();
#endif
}

void allow_tf32(bool allowed) {
  at::globalContext().setAllowTF32CuBLAS(allowed);
  at::globalContext().setAllowTF32CuDNN(allowed);
}

void set_composed(bool always) { composed = always; }

} // namespace kontrast
