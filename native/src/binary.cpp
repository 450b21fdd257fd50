// Element-wise kernels of two or more operands, under their tfjs names; operands broadcast. tfjs has brought both
// operands to one dtype before, which is also the dtype of the result unless a kernel says otherwise.
#include "kernel.h"
#include "precision.h"

namespace kontrast {
namespace {

using Operation = Tensor (*)(const Tensor&, const Tensor&);

/// Arithmetic on bool counts in int32 (true + true is 2, which is true again).
Tensor arithmetic(const Tensor& a, const Tensor& b, Operation operation) {
  if (a.scalar_type() == at::kBool && b.scalar_type() == at::kBool) {
    return operation(a.to(at::kInt), b.to(at::kInt)).to(at::kBool);
  }
  return operation(a, b);
}

/// Computes in double what torch would refuse or overflow on whole numbers (x / 0, 2 ** -1).
Tensor through_double(const Tensor& a, const Tensor& b, Operation operation) {
  if (a.is_floating_point() || b.is_floating_point()) return operation(a, b);
  const Tensor result = operation(a.to(at::kDouble), b.to(at::kDouble));
  return result.nan_to_num(0, 0, 0).to(at::kInt);
}

Tensor add(const Tensor& a, const Tensor& b) { return at::add(a, b); }
Tensor sub(const Tensor& a, const Tensor& b) { return at::sub(a, b); }
Tensor floor_quotient(const Tensor& a, const Tensor& b) { return at::floor(at::div(a, b)); }
Tensor squared_difference(const Tensor& a, const Tensor& b) {
  const Tensor difference = at::sub(a, b);
  return at::mul(difference, difference);
}

/// floor(a / b), int32.
Tensor FloorDiv(const Tensor& a, const Tensor& b) {
  const Tensor quotient = floor_quotient(a.to(at::kDouble), b.to(at::kDouble));
  return quotient.nan_to_num(0, 0, 0).to(at::kInt);
}
KONTRAST_KERNEL(FloorDiv);

/// In bfloat16 where both operands are stored so.
Tensor Add(const Stored& a, const Stored& b) {
  const bool reduced = is_reduced(a) && is_reduced(b);
  return arithmetic(operand(a, reduced), operand(b, reduced), add);
}
KONTRAST_KERNEL(Add);

KONTRAST_INLINE_KERNEL(Sub, (const Tensor& a, const Tensor& b), arithmetic(a, b, sub));
KONTRAST_INLINE_KERNEL(Multiply, (const Tensor& a, const Tensor& b), arithmetic(a, b, at::mul));
KONTRAST_INLINE_KERNEL(RealDiv, (const Tensor& a, const Tensor& b), at::div(a, b));
KONTRAST_INLINE_KERNEL(Maximum, (const Tensor& a, const Tensor& b), at::maximum(a, b));
KONTRAST_INLINE_KERNEL(Minimum, (const Tensor& a, const Tensor& b), at::minimum(a, b));
KONTRAST_INLINE_KERNEL(Mod, (const Tensor& a, const Tensor& b), through_double(a, b, at::remainder)); // sign of b
KONTRAST_INLINE_KERNEL(Pow, (const Tensor& a, const Tensor& b), through_double(a, b, at::pow));
KONTRAST_INLINE_KERNEL(Atan2, (const Tensor& a, const Tensor& b), at::atan2(a, b));
KONTRAST_INLINE_KERNEL(SquaredDifference, (const Tensor& a, const Tensor& b), arithmetic(a, b, squared_difference));
KONTRAST_INLINE_KERNEL(BitwiseAnd, (const Tensor& a, const Tensor& b), at::bitwise_and(a, b));

// Comparisons: the result is bool.
KONTRAST_INLINE_KERNEL(Equal, (const Tensor& a, const Tensor& b), at::eq(a, b));
KONTRAST_INLINE_KERNEL(NotEqual, (const Tensor& a, const Tensor& b), at::ne(a, b));
KONTRAST_INLINE_KERNEL(Greater, (const Tensor& a, const Tensor& b), at::gt(a, b));
KONTRAST_INLINE_KERNEL(GreaterEqual, (const Tensor& a, const Tensor& b), at::ge(a, b));
KONTRAST_INLINE_KERNEL(Less, (const Tensor& a, const Tensor& b), at::lt(a, b));
KONTRAST_INLINE_KERNEL(LessEqual, (const Tensor& a, const Tensor& b), at::le(a, b));
KONTRAST_INLINE_KERNEL(LogicalAnd, (const Tensor& a, const Tensor& b), at::logical_and(a, b));
KONTRAST_INLINE_KERNEL(LogicalOr, (const Tensor& a, const Tensor& b), at::logical_or(a, b));
KONTRAST_INLINE_KERNEL(LogicalXor, (const Tensor& a, const Tensor& b), at::logical_xor(a, b));

/// Sum of tensors of one shape.
Tensor AddN(const std::vector<Tensor>& tensors) {
  require(!tensors.empty(), "expected at least one tensor");
  Tensor sum = tensors[0].clone();
  for (size_t i = 1; i < tensors.size(); ++i) sum.add_(tensors[i]);
  return sum;
}
KONTRAST_KERNEL(AddN);

/// condition ? t : e. A condition of rank 1 may choose whole rows of t and e.
Tensor Select(const Tensor& condition, const Tensor& t, const Tensor& e) {
  Tensor chosen = condition.to(at::kBool);
  if (chosen.dim() == 1 && t.dim() > 1) {
    Shape rows(t.dim(), 1);
    rows[0] = chosen.size(0);
    chosen = chosen.view(rows);
  }
  const at::ScalarType type = at::promote_types(t.scalar_type(), e.scalar_type());
  return at::where(chosen, t.to(type), e.to(type));
}
KONTRAST_KERNEL(Select);

} // namespace
} // namespace kontrast
