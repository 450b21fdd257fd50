// Kernels that move values without computing, under their tfjs names. Axes are non-negative, begins and sizes are in
// range: tfjs's own slice and split arithmetic has run before.
#include "kernel.h"
#include "transfer.h"

namespace kontrast {
namespace {

KONTRAST_INLINE_KERNEL(Transpose, (const Tensor& x, const Shape& order), x.permute(order));
KONTRAST_INLINE_KERNEL(Reverse, (const Tensor& x, const Shape& axes), axes.empty() ? x.clone() : x.flip(axes));
KONTRAST_INLINE_KERNEL(FlipLeftRight, (const Tensor& images), images.flip(2));
KONTRAST_INLINE_KERNEL(Tile, (const Tensor& x, const Shape& repetitions), x.repeat(repetitions));
KONTRAST_INLINE_KERNEL(Concat, (const std::vector<Tensor>& tensors, int64_t axis), at::cat(tensors, axis));
KONTRAST_INLINE_KERNEL(Pack, (const std::vector<Tensor>& tensors, int64_t axis), at::stack(tensors, axis));

std::vector<Tensor> Unpack(const Tensor& x, int64_t axis) { return x.unbind(axis); }
KONTRAST_KERNEL(Unpack);

std::vector<Tensor> SplitV(const Tensor& x, const Shape& sizes, int64_t axis) {
  return x.split_with_sizes(sizes, axis);
}
KONTRAST_KERNEL(SplitV);

Tensor Slice(const Tensor& x, const Shape& begin, const Shape& size) {
  require(static_cast<int64_t>(begin.size()) == x.dim() && begin.size() == size.size(),
          "begin and size must have the rank of x, got ", at::IntArrayRef(begin), " and ", at::IntArrayRef(size));
  Tensor result = x;
  for (int64_t axis = 0; axis < x.dim(); ++axis) {
    if (size[axis] != result.size(axis)) result = result.narrow(axis, begin[axis], size[axis]);
  }
  return result.is_same(x) ? x.clone() : result;
}
KONTRAST_KERNEL(Slice);

/// size[axis] values from begin[axis] in steps of stride[axis], which may be negative.
Tensor StridedSlice(const Tensor& x, const Shape& begin, const Shape& size, const Shape& strides) {
  const auto rank = static_cast<size_t>(x.dim());
  require(begin.size() == rank && size.size() == rank && strides.size() == rank,
          "begin, size and strides must have the rank of x, ", rank);
  Tensor result = x;
  for (int64_t axis = 0; axis < x.dim(); ++axis) {
    const auto steps = at::arange(size[axis], at::TensorOptions().dtype(at::kLong).device(x.device()));
    result = result.index_select(axis, steps.mul(strides[axis]).add(begin[axis]));
  }
  return result;
}
KONTRAST_KERNEL(StridedSlice);

/// `paddings` holds before and after of axis 0, then of axis 1, and so on.
Tensor PadV2(const Tensor& x, const Shape& paddings, double value) {
  require(static_cast<int64_t>(paddings.size()) == 2 * x.dim(), "expected two paddings per axis, got ", paddings.size());
  Shape from_last_axis;
  for (int64_t axis = x.dim() - 1; axis >= 0; --axis) {
    from_last_axis.push_back(paddings[2 * axis]);
    from_last_axis.push_back(paddings[2 * axis + 1]);
  }
  return at::constant_pad_nd(x, from_last_axis, value);
}
KONTRAST_KERNEL(PadV2);

/// Mirrors at the borders; `repeat_edge` (1: tfjs "symmetric", 0: "reflect") shows the outermost value twice.
Tensor MirrorPad(const Tensor& x, const Shape& paddings, bool repeat_edge) {
  require(static_cast<int64_t>(paddings.size()) == 2 * x.dim(), "expected two paddings per axis, got ", paddings.size());
  Tensor result = x;
  for (int64_t axis = 0; axis < x.dim(); ++axis) {
    const int64_t before = paddings[2 * axis];
    const int64_t after = paddings[2 * axis + 1];
    const int64_t length = x.size(axis);
    if (before == 0 && after == 0) continue;
    const int64_t most = repeat_edge ? length : length - 1;
    require(std::min(before, after) >= 0 && std::max(before, after) <= most, "paddings of axis ", axis,
            " must be in [0, ", most, "], got ", before, " and ", after);
    std::vector<int64_t> source;
    for (int64_t i = -before; i < length + after; ++i) {
      if (i < 0) source.push_back(repeat_edge ? -i - 1 : -i);
      else if (i >= length) source.push_back(repeat_edge ? 2 * length - 1 - i : 2 * length - 2 - i);
      else source.push_back(i);
    }
    result = result.index_select(axis, table(source, at::kLong, x));
  }
  return result.is_same(x) ? x.clone() : result;
}
KONTRAST_KERNEL(MirrorPad);

/// Square matrix with x on its diagonal; for rank r the result has rank 2 r.
Tensor Diag(const Tensor& x) {
  Shape shape = x.sizes().vec();
  shape.insert(shape.end(), x.sizes().begin(), x.sizes().end());
  return at::diag_embed(x.flatten()).view(shape);
}
KONTRAST_KERNEL(Diag);

/// Reshapes, permutes the axes and reshapes again: the common form of depth-to-space and batch-to-space.
Tensor rearrange(const Tensor& x, const Shape& split, const Shape& order, const Shape& joined) {
  return x.view(split).permute(order).reshape(joined);
}
KONTRAST_KERNEL(rearrange);

} // namespace
} // namespace kontrast
