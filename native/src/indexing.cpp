// Kernels that pick or place values by index, under their tfjs names.
#include <ATen/Parallel.h>

#include "device.h"
#include "kernel.h"
#include "transfer.h"

namespace kontrast {
namespace {

/// Throws unless all indices are in [0, size): on a GPU an index out of range would end the process.
void require_in_range(const Tensor& indices, int64_t size) {
  if (!can_look(indices)) return;
  if (takes_loop(indices)) { // stops at the first, and needs no tensors of its own
    const int32_t* index = indices.data_ptr<int32_t>();
    for (int64_t i = 0; i < indices.numel(); ++i) {
      require(index[i] >= 0 && index[i] < size, "the index value ", index[i], " is not in [0, ", size - 1, "]");
    }
    return;
  }
  const auto [low, high] = extremes(indices);
  require(low >= 0 && high < size, "the index value ", low < 0 ? low : high, " is not in [0, ", size - 1, "]");
}

/// Takes slices along an axis: `batch` leading axes are shared by x and indices.
Tensor GatherV2(const Tensor& x, const Tensor& indices, int64_t axis, int64_t batch) {
  require(axis >= 0 && axis < x.dim() && batch >= 0 && batch <= axis && batch <= indices.dim(),
          "the axis must be one of x, behind the batch axes; got axis ", axis, " and ", batch, " batch axes");
  require(x.sizes().slice(0, batch) == indices.sizes().slice(0, batch), "x and indices must have the same batch axes");
  const Tensor flat = indices.flatten().to(at::kInt);
  require_in_range(flat, x.size(axis));
  Shape shape = x.sizes().slice(0, axis).vec();
  shape.insert(shape.end(), indices.sizes().begin() + batch, indices.sizes().end());
  shape.insert(shape.end(), x.sizes().begin() + axis + 1, x.sizes().end());
  if (batch == 0) return x.index_select(axis, flat).view(shape);
  const auto size_of = [](at::IntArrayRef sizes) { return c10::multiply_integers(sizes); };
  const int64_t groups = size_of(x.sizes().slice(0, batch));
  const int64_t outer = size_of(x.sizes().slice(batch, axis - batch));
  const int64_t inner = size_of(x.sizes().slice(axis + 1));
  const int64_t picks = groups == 0 ? 0 : indices.numel() / groups;
  const Tensor where = indices.to(at::kLong).view({groups, 1, picks, 1}).expand({groups, outer, picks, inner});
  return x.view({groups, outer, x.size(axis), inner}).gather(2, where).view(shape);
}
KONTRAST_KERNEL(GatherV2);

/// Index vectors [..., depth]; a list of numbers [n] is a list of vectors of one number.
Tensor index_vectors(const Tensor& indices) { return indices.dim() > 1 ? indices : indices.reshape({-1, 1}); }

/// One row number per index vector: indices [..., depth] over the first `depth` axes of `shape`.
Tensor flat_rows(const Tensor& indices, at::IntArrayRef shape) {
  const int64_t depth = indices.size(-1);
  require(depth <= static_cast<int64_t>(shape.size()), "an index must have at most ", shape.size(), " numbers, got ", depth);
  const int64_t count = c10::multiply_integers(indices.sizes().slice(0, indices.dim() - 1));
  const Tensor vectors = indices.reshape({count, depth}).to(at::kLong);
  Tensor rows = at::zeros({vectors.size(0)}, vectors.options());
  for (int64_t axis = 0; axis < depth; ++axis) {
    const Tensor index = vectors.select(1, axis);
    if (can_look(index)) {
      const auto [low, high] = extremes(index);
      require(low >= 0 && high < shape[axis], "indices must be in [0, ", shape[axis], ") along axis ", axis, ", got ",
              low, " to ", high);
    }
    rows.mul_(shape[axis]).add_(index);
  }
  return rows;
}

/// x as [rows, row size], one row per index vector of the given depth.
Shape as_rows(at::IntArrayRef shape, int64_t depth) {
  return {c10::multiply_integers(shape.slice(0, depth)), c10::multiply_integers(shape.slice(depth))};
}

Tensor GatherNd(const Tensor& x, const Tensor& indices) {
  require(indices.dim() > 0 && indices.size(-1) <= x.dim(), "an index must have at most ", x.dim(), " numbers");
  const int64_t depth = indices.size(-1);
  Shape shape = indices.sizes().slice(0, indices.dim() - 1).vec();
  shape.insert(shape.end(), x.sizes().begin() + depth, x.sizes().end());
  return x.view(as_rows(x.sizes(), depth)).index_select(0, flat_rows(indices, x.sizes())).view(shape);
}
KONTRAST_KERNEL(GatherNd);

/// Adds updates into zeros of the given shape.
Tensor ScatterNd(const Tensor& indices, const Tensor& updates, const Shape& shape) {
  const Tensor vectors = index_vectors(indices);
  const Shape rows = as_rows(shape, vectors.size(-1));
  Tensor result = at::zeros(rows, updates.options());
  const Tensor where = flat_rows(vectors, shape);
  return result.index_add_(0, where, updates.reshape({where.size(0), rows[1]})).view(shape);
}
KONTRAST_KERNEL(ScatterNd);

/// x with the rows named by indices replaced by updates.
Tensor TensorScatterUpdate(const Tensor& x, const Tensor& indices, const Tensor& updates) {
  const Tensor vectors = index_vectors(indices);
  const Shape rows = as_rows(x.sizes(), vectors.size(-1));
  const Tensor where = flat_rows(vectors, x.sizes());
  return x.view(rows).index_copy(0, where, updates.reshape({where.size(0), rows[1]})).view(x.sizes());
}
KONTRAST_KERNEL(TensorScatterUpdate);

/// `fallback` everywhere, but values (one, or one per index vector) at indices [n, rank] or [n].
Tensor SparseToDense(const Tensor& indices, const Tensor& values, const Tensor& fallback, const Shape& shape) {
  const Tensor vectors = indices.dim() == 2 ? indices : indices.reshape({-1, static_cast<int64_t>(shape.size())});
  const Tensor where = flat_rows(vectors, shape);
  const Tensor result = fallback.expand(c10::multiply_integers(shape)).contiguous();
  return result.index_copy(0, where, values.expand({where.size(0)})).view(shape);
}
KONTRAST_KERNEL(SparseToDense);

/// `on` where the last axis equals the index, `off` elsewhere (also for indices out of range).
Tensor OneHot(const Tensor& indices, int64_t depth, double on, double off, DType dtype) {
  const auto options = indices.options().dtype(scalar_type(dtype));
  const Tensor hit = indices.unsqueeze(-1).eq(at::arange(depth, indices.options()));
  return at::where(hit, at::full({}, on, options), at::full({}, off, options));
}
KONTRAST_KERNEL(OneHot);

template <class T>
void add_rows(const Tensor& x, const int32_t* segments, Tensor& sums) {
  const int64_t rows = x.size(0);
  const int64_t width = x.size(1);
  const int64_t count = sums.size(0);
  const T* from = x.data_ptr<T>();
  T* to = sums.data_ptr<T>();
  at::parallel_for(0, width, std::max<int64_t>(1, 65536 / std::max<int64_t>(rows, 1)), [&](int64_t begin, int64_t end) {
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t segment = segments[row];
      if (segment < 0 || segment >= count) continue; // TensorFlow drops them
      for (int64_t i = begin; i < end; ++i) to[segment * width + i] += from[row * width + i];
    }
  });
}

/// Sums the rows of x [n, ...] that share a segment: segments [n] → [count, ...]; rows of other segments are dropped.
Tensor UnsortedSegmentSum(const Tensor& x, const Tensor& segments, int64_t count) {
  Shape shape = x.sizes().vec();
  require(!shape.empty() && segments.dim() == 1 && segments.size(0) == shape[0],
          "segment ids must have one value per row of x");
  shape[0] = count;
  const Tensor flat = x.reshape({x.size(0), -1 + (x.numel() == 0 ? 1 : 0)});
  const Tensor ids = segments.to(at::kInt);
  if (!takes_loop(x)) {
    const Tensor rows = at::where(ids.ge(0).logical_and(ids.lt(count)), ids, count); // one row takes what is dropped
    const Tensor sums = at::zeros({count + 1, flat.size(1)}, x.options()).index_add_(0, rows.to(at::kInt), flat);
    return sums.narrow(0, 0, count).reshape(shape);
  }
  Tensor sums = at::zeros({count, flat.size(1)}, x.options());
  if (x.scalar_type() == at::kFloat) add_rows<float>(flat, ids.data_ptr<int32_t>(), sums);
  else if (x.scalar_type() == at::kInt) add_rows<int32_t>(flat, ids.data_ptr<int32_t>(), sums);
  else throw std::invalid_argument("expected float32 or int32 values");
  return sums.view(shape);
}
KONTRAST_KERNEL(UnsortedSegmentSum);

/// The order of each row's values, largest first, NaN last, of equal values the first position first.
Tensor order_of(const Tensor& x) {
  if (!x.is_floating_point()) return std::get<1>(at::sort(x, true, -1, true));
  const Tensor by_value = std::get<1>(at::sort(x.masked_fill(x.isnan(), -INFINITY), true, -1, true));
  const Tensor nan = x.isnan().gather(-1, by_value).to(at::kByte); // behind -Infinity, where they were sorted in
  return by_value.gather(-1, std::get<1>(at::sort(nan, true, -1, false)));
}

/// The k largest values of each row and their positions, largest first; of equal values the first position comes
/// first, which torch's own topk does not promise.
std::vector<Tensor> TopK(const Tensor& x, int64_t k) {
  const int64_t length = x.size(-1);
  require(k >= 0 && k <= length, "k must be at most the last axis, got ", k, " and ", length);
  if (!takes_loop(x)) {
    const Tensor positions = order_of(x).narrow(-1, 0, k);
    return {x.gather(-1, positions), positions};
  }
  Shape shape = x.sizes().vec();
  shape.back() = k;
  const Tensor values = x.to(at::kDouble); // holds float32 and int32 exactly
  Tensor positions = at::empty(shape, x.options().dtype(at::kInt));
  Tensor best_values = at::empty(shape, values.options());
  const double* from = values.data_ptr<double>();
  const int64_t rows = length == 0 ? 0 : x.numel() / length;
  at::parallel_for(0, rows, std::max<int64_t>(1, 8192 / std::max<int64_t>(length, 1)), [&](int64_t begin, int64_t end) {
    std::vector<int32_t> order(length);
    for (int64_t row = begin; row < end; ++row) {
      const double* value = from + row * length;
      std::iota(order.begin(), order.end(), 0);
      const auto before = [value](int32_t a, int32_t b) {
        const bool a_nan = std::isnan(value[a]);
        const bool b_nan = std::isnan(value[b]);
        if (a_nan != b_nan) return b_nan; // NaN last
        return value[a] > value[b] || (!(value[a] < value[b]) && a < b);
      };
      if (k < length) std::nth_element(order.begin(), order.begin() + k, order.end(), before);
      std::sort(order.begin(), order.begin() + k, before);
      for (int64_t i = 0; i < k; ++i) {
        positions.data_ptr<int32_t>()[row * k + i] = order[i];
        best_values.data_ptr<double>()[row * k + i] = value[order[i]];
      }
    }
  });
  return {best_values.to(x.scalar_type()), positions};
}
KONTRAST_KERNEL(TopK);

} // namespace
} // namespace kontrast
