// Updates of all variables of a model in one call. A variable's memory is written in place when nobody else can see it;
// else its values go to new memory, as tensors never change for those who hold them.
#include <ATen/Parallel.h>

#include "device.h"
#include "kernel.h"

namespace kontrast {
namespace {

/// The tensors to write the new values of `old` to: themselves where only their one handle holds them, else copies. A
/// kernel's argument counts too; a second tensor on the same memory, or a read that is under way, adds to the counts.
std::vector<Tensor> writable(const std::vector<Tensor>& old) {
  constexpr size_t handle_and_argument = 2;
  std::vector<Tensor> result;
  for (const Tensor& tensor : old) {
    const bool own = tensor.use_count() <= handle_and_argument && tensor.storage().use_count() == 1;
    result.push_back(own ? tensor : tensor.clone());
  }
  return result;
}

bool all_on_cpu(const std::vector<Tensor>& tensors) {
  return std::all_of(tensors.begin(), tensors.end(), [](const Tensor& tensor) { return takes_loop(tensor); });
}

void require_alike(const std::vector<Tensor>& a, const std::vector<Tensor>& b, const char* names) {
  require(a.size() == b.size(), names, " must be as many, got ", a.size(), " and ", b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    require(a[i].sizes() == b[i].sizes(), names, " must have the same shapes, got ", a[i].sizes(), " and ", b[i].sizes());
    require(a[i].scalar_type() == at::kFloat && b[i].scalar_type() == at::kFloat, names, " must be float32");
  }
}

/// Calls work(tensor, first, last) for parts of all tensors that together are everything: many small tensors cost no
/// more than one large one, and all threads have the same to do.
template <class Work>
void for_parts(const std::vector<Tensor>& tensors, const Work& work) {
  struct Part {
    size_t tensor;
    int64_t first, last;
  };
  constexpr int64_t most = 16384;
  std::vector<Part> parts;
  for (size_t i = 0; i < tensors.size(); ++i)
    for (int64_t first = 0; first < tensors[i].numel(); first += most)
      parts.push_back({i, first, std::min(tensors[i].numel(), first + most)});
  at::parallel_for(0, static_cast<int64_t>(parts.size()), 2, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) work(parts[p].tensor, parts[p].first, parts[p].last);
  });
}

/// Stochastic gradient descent: v ← momentum · v + gradient + decay · w; w ← w − rate · v.
///   weights, velocities, gradients: as many, of the same shapes; decays: one number each
///   result: the new weights, then the new velocities
std::vector<Tensor> SgdUpdate(const std::vector<Tensor>& weights, const std::vector<Tensor>& velocities,
                              const std::vector<Tensor>& gradients, const std::vector<double>& decays, double rate,
                              double momentum) {
  require_alike(weights, velocities, "weights and velocities");
  require_alike(weights, gradients, "weights and gradients");
  require(decays.size() == weights.size(), "decays must be as many as weights, got ", decays.size());
  const std::vector<Tensor> w = writable(weights), v = writable(velocities);
  if (all_on_cpu(w)) {
    const auto fast_rate = static_cast<float>(rate), fast_momentum = static_cast<float>(momentum);
    for_parts(w, [&](size_t i, int64_t first, int64_t last) {
      float* const weight = w[i].data_ptr<float>();
      float* const velocity = v[i].data_ptr<float>();
      const float* const gradient = gradients[i].data_ptr<float>();
      const auto decay = static_cast<float>(decays[i]);
#pragma omp simd
      for (int64_t k = first; k < last; ++k) {
        velocity[k] = velocity[k] * fast_momentum + (gradient[k] + weight[k] * decay);
        weight[k] -= velocity[k] * fast_rate;
      }
    });
  } else {
    at::_foreach_mul_(v, momentum);
    at::_foreach_add_(v, gradients);
    for (size_t i = 0; i < w.size(); ++i)
      if (decays[i] != 0) v[i].add_(w[i], decays[i]);
    at::_foreach_add_(w, v, -rate);
  }
  std::vector<Tensor> result = w;
  result.insert(result.end(), v.begin(), v.end());
  return result;
}
KONTRAST_KERNEL(SgdUpdate);

/// Moving average: target ← momentum · target + (1 − momentum) · source. Result: the new targets.
std::vector<Tensor> MoveTowards(const std::vector<Tensor>& targets, const std::vector<Tensor>& sources,
                                double momentum) {
  require_alike(targets, sources, "targets and sources");
  const std::vector<Tensor> result = writable(targets);
  if (all_on_cpu(result)) {
    const auto stays = static_cast<float>(momentum), comes = static_cast<float>(1 - momentum);
    for_parts(result, [&](size_t i, int64_t first, int64_t last) {
      float* const target = result[i].data_ptr<float>();
      const float* const source = sources[i].data_ptr<float>();
#pragma omp simd
      for (int64_t k = first; k < last; ++k) target[k] = target[k] * stays + source[k] * comes;
    });
  } else {
    at::_foreach_mul_(result, momentum);
    at::_foreach_add_(result, sources, 1 - momentum);
  }
  return result;
}
KONTRAST_KERNEL(MoveTowards);

} // namespace
} // namespace kontrast
