// Element-wise kernels of one operand, under their tfjs names. The result has the shape of `x`; kernels that torch
// computes in float give float32 for int32 and bool operands too. NaN passes through all of them.
#include <ATen/Parallel.h>

#include "device.h"
#include "kernel.h"
#include "precision.h"

namespace kontrast {
namespace {

/// Rounding changes nothing in whole numbers, and torch has no such kernels for them.
template <Tensor (*round)(const Tensor&)>
Tensor rounded(const Tensor& x) {
  return x.is_floating_point() ? round(x) : x;
}

/// NaN stays NaN, positive becomes 1, all else alpha.
Tensor Step(const Tensor& x, double alpha) {
  const Tensor step = at::where(x.gt(0), at::ones({}, x.options()), at::full({}, alpha, x.options()));
  return x.is_floating_point() ? step.masked_fill_(x.isnan(), NAN) : step;
}
KONTRAST_KERNEL(Step);

/// Gradient of relu by its result y: dy where y > 0, 0 elsewhere; stored as y is.
Tensor ReluGrad(const Stored& dy, const Stored& y) {
  return at::threshold_backward(operand(dy, is_reduced(y)), y.tensor, 0);
}
KONTRAST_KERNEL(ReluGrad);

/// x ≥ 0 ? x : alpha · x, alpha broadcasts.
Tensor Prelu(const Tensor& x, const Tensor& alpha) { return at::where(x.lt(0), x.mul(alpha), x); }
KONTRAST_KERNEL(Prelu);

/// Gradient of elu by its result y: dy where y ≥ 0, dy · (y + 1) elsewhere.
Tensor EluGrad(const Tensor& dy, const Tensor& y) { return at::where(y.ge(0), dy, dy.mul(y.add(1))); }
KONTRAST_KERNEL(EluGrad);

/// Whole numbers as JavaScript stores them in an Int32Array: cut off towards zero; NaN and infinity become 0.
Tensor truncated(const Tensor& x) {
  if (!takes_loop(x)) return at::where(x.abs().lt(9.2e18), x, 0.0f).to(at::kLong).to(at::kInt);
  Tensor result = at::empty(x.sizes(), x.options().dtype(at::kInt));
  const float* from = x.data_ptr<float>();
  int32_t* to = result.data_ptr<int32_t>();
  at::parallel_for(0, x.numel(), 32768, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const float value = from[i];
      const bool small = std::abs(value) < 9.2e18f; // false for NaN
      to[i] = small ? static_cast<int32_t>(static_cast<int64_t>(value)) : 0;
    }
  });
  return result;
}

/// Of complex numbers the real part counts, for bool too.
Tensor Cast(const Tensor& x, DType dtype) {
  if (x.is_complex() && dtype != DType::complex64) return Cast(at::real(x).contiguous(), dtype);
  if (dtype == DType::int32 && x.scalar_type() == at::kFloat) return truncated(x);
  return x.to(scalar_type(dtype), /*non_blocking=*/false, /*copy=*/true);
}
KONTRAST_KERNEL(Cast);

Tensor ClipByValue(const Tensor& x, double low, double high) {
  return x.is_floating_point() ? at::clamp(x, low, high) : at::clamp(x.to(at::kDouble), low, high).to(x.scalar_type());
}
KONTRAST_KERNEL(ClipByValue);


KONTRAST_INLINE_KERNEL(Abs, (const Tensor& x), x.scalar_type() == at::kBool ? x : at::abs(x));
KONTRAST_INLINE_KERNEL(Acos, (const Tensor& x), at::acos(x));
KONTRAST_INLINE_KERNEL(Acosh, (const Tensor& x), at::acosh(x));
KONTRAST_INLINE_KERNEL(Asin, (const Tensor& x), at::asin(x));
KONTRAST_INLINE_KERNEL(Asinh, (const Tensor& x), at::asinh(x));
KONTRAST_INLINE_KERNEL(Atan, (const Tensor& x), at::atan(x));
KONTRAST_INLINE_KERNEL(Atanh, (const Tensor& x), at::atanh(x));
KONTRAST_INLINE_KERNEL(Ceil, (const Tensor& x), rounded<at::ceil>(x));
KONTRAST_INLINE_KERNEL(Cos, (const Tensor& x), at::cos(x));
KONTRAST_INLINE_KERNEL(Cosh, (const Tensor& x), at::cosh(x));
KONTRAST_INLINE_KERNEL(Elu, (const Tensor& x), at::elu(x));
KONTRAST_INLINE_KERNEL(Erf, (const Tensor& x), at::erf(x));
KONTRAST_INLINE_KERNEL(Exp, (const Tensor& x), at::exp(x));
KONTRAST_INLINE_KERNEL(Expm1, (const Tensor& x), at::expm1(x));
KONTRAST_INLINE_KERNEL(Floor, (const Tensor& x), rounded<at::floor>(x));
KONTRAST_INLINE_KERNEL(IsFinite, (const Tensor& x), at::isfinite(x));
KONTRAST_INLINE_KERNEL(IsInf, (const Tensor& x), at::isinf(x));
KONTRAST_INLINE_KERNEL(IsNan, (const Tensor& x), at::isnan(x));
KONTRAST_INLINE_KERNEL(LeakyRelu, (const Tensor& x, double alpha), at::leaky_relu(x.to(at::kFloat), alpha));
KONTRAST_INLINE_KERNEL(Log, (const Tensor& x), at::log(x));
KONTRAST_INLINE_KERNEL(Log1p, (const Tensor& x), at::log1p(x));
KONTRAST_INLINE_KERNEL(LogicalNot, (const Tensor& x), at::logical_not(x));
KONTRAST_INLINE_KERNEL(Neg, (const Tensor& x), at::neg(x));
KONTRAST_INLINE_KERNEL(Reciprocal, (const Tensor& x), at::reciprocal(x));
KONTRAST_INLINE_KERNEL(Relu, (const Stored& x), x.tensor.scalar_type() == at::kBool ? x.tensor : at::relu(x.tensor));
KONTRAST_INLINE_KERNEL(Relu6, (const Tensor& x), at::clamp(x, 0, 6));
KONTRAST_INLINE_KERNEL(Round, (const Tensor& x), rounded<at::round>(x)); // halves to even, as tfjs
KONTRAST_INLINE_KERNEL(Rsqrt, (const Tensor& x), at::rsqrt(x));
KONTRAST_INLINE_KERNEL(Selu, (const Tensor& x), at::selu(x));
KONTRAST_INLINE_KERNEL(Sigmoid, (const Tensor& x), at::sigmoid(x));
KONTRAST_INLINE_KERNEL(Sign, (const Tensor& x), at::sign(x));
KONTRAST_INLINE_KERNEL(Sin, (const Tensor& x), at::sin(x));
KONTRAST_INLINE_KERNEL(Sinh, (const Tensor& x), at::sinh(x));
KONTRAST_INLINE_KERNEL(Softplus, (const Tensor& x), at::softplus(x));
KONTRAST_INLINE_KERNEL(Sqrt, (const Tensor& x), at::sqrt(x));
KONTRAST_INLINE_KERNEL(Square, (const Tensor& x), at::mul(x, x));
KONTRAST_INLINE_KERNEL(Tan, (const Tensor& x), at::tan(x));
KONTRAST_INLINE_KERNEL(Tanh, (const Tensor& x), at::tanh(x));
KONTRAST_INLINE_KERNEL(OnesLike, (const Tensor& x), at::ones_like(x));
KONTRAST_INLINE_KERNEL(ZerosLike, (const Tensor& x), at::zeros_like(x));

} // namespace
} // namespace kontrast
