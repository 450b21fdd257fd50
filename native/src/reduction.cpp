// Reductions and scans, under their tfjs names. `axes` are non-negative; an empty list reduces nothing (torch would
// reduce everything). NaN wins in Max and Min.
#include "kernel.h"

namespace kontrast {
namespace {

/// Sums of bool and int32 are int32.
Tensor countable(const Tensor& x) { return x.is_floating_point() || x.is_complex() ? x : x.to(at::kInt); }

at::ScalarType sum_type(const Tensor& x) {
  return x.is_complex() ? at::kComplexFloat : x.is_floating_point() ? at::kFloat : at::kInt;
}

Tensor Sum(const Tensor& x, const Shape& axes, bool keep) {
  return axes.empty() ? countable(x) : at::sum(x, axes, keep, sum_type(x));
}
KONTRAST_KERNEL(Sum);

Tensor Mean(const Tensor& x, const Shape& axes, bool keep) {
  const Tensor values = x.is_complex() ? x : x.to(at::kFloat);
  return axes.empty() ? values : at::mean(values, axes, keep);
}
KONTRAST_KERNEL(Mean);

/// An empty axis has no extreme value in torch; tfjs gives the neutral element.
Tensor extreme(const Tensor& x, const Shape& axes, bool keep, bool largest) {
  if (axes.empty()) return x;
  if (x.numel() == 0) {
    const double neutral = largest ? -INFINITY : INFINITY;
    return at::sum(x, axes, keep).to(x.scalar_type()).fill_(x.is_floating_point() ? neutral : 0);
  }
  return largest ? at::amax(x, axes, keep) : at::amin(x, axes, keep);
}

Tensor Max(const Tensor& x, const Shape& axes, bool keep) { return extreme(x, axes, keep, true); }
KONTRAST_KERNEL(Max);

Tensor Min(const Tensor& x, const Shape& axes, bool keep) { return extreme(x, axes, keep, false); }
KONTRAST_KERNEL(Min);

/// torch reduces these along one axis at a time; from the last to the first, so that axis numbers stay right.
template <class Reduce>
Tensor one_by_one(Tensor x, Shape axes, const Reduce& reduce) {
  std::sort(axes.rbegin(), axes.rend());
  for (const int64_t axis : axes) x = reduce(x, axis);
  return x;
}

Tensor Prod(const Tensor& x, const Shape& axes, bool keep) {
  return one_by_one(countable(x), axes, [&](const Tensor& t, int64_t axis) {
    return at::prod(t, axis, keep, sum_type(x));
  });
}
KONTRAST_KERNEL(Prod);

Tensor All(const Tensor& x, const Shape& axes, bool keep) {
  return one_by_one(x.to(at::kBool), axes, [&](const Tensor& t, int64_t axis) { return at::all(t, axis, keep); });
}
KONTRAST_KERNEL(All);

Tensor Any(const Tensor& x, const Shape& axes, bool keep) {
  return one_by_one(x.to(at::kBool), axes, [&](const Tensor& t, int64_t axis) { return at::any(t, axis, keep); });
}
KONTRAST_KERNEL(Any);

/// What positions of extremes are looked for in: bool counts as 0 and 1, and NaN never wins (in torch it always does).
Tensor comparable(const Tensor& x, double loser) {
  if (x.is_floating_point()) return x.masked_fill(x.isnan(), loser);
  return x.to(at::kInt);
}

/// Position of the first largest value along an axis, int32.
KONTRAST_INLINE_KERNEL(ArgMax, (const Tensor& x, int64_t axis), at::argmax(comparable(x, -INFINITY), axis));
KONTRAST_INLINE_KERNEL(ArgMin, (const Tensor& x, int64_t axis), at::argmin(comparable(x, INFINITY), axis));

/// Running sum or product along an axis; `exclusive` leaves out the element itself, `reverse` runs from the end.
template <class Scan>
Tensor scanned(const Tensor& x, int64_t axis, bool exclusive, bool reverse, double neutral, const Scan& scan) {
  const int64_t length = x.size(axis);
  const Tensor forward = reverse ? x.flip(axis) : x;
  Tensor result = scan(forward);
  if (exclusive && length > 0) {
    const Tensor first = at::full_like(result.narrow(axis, 0, 1), neutral);
    result = at::cat({first, result.narrow(axis, 0, length - 1)}, axis);
  }
  return reverse ? result.flip(axis) : result;
}

Tensor Cumsum(const Tensor& x, int64_t axis, bool exclusive, bool reverse) {
  return scanned(x, axis, exclusive, reverse, 0, [&](const Tensor& t) { return at::cumsum(t, axis, sum_type(x)); });
}
KONTRAST_KERNEL(Cumsum);

Tensor Cumprod(const Tensor& x, int64_t axis, bool exclusive, bool reverse) {
  return scanned(x, axis, exclusive, reverse, 1, [&](const Tensor& t) { return at::cumprod(t, axis, sum_type(x)); });
}
KONTRAST_KERNEL(Cumprod);

} // namespace
} // namespace kontrast
