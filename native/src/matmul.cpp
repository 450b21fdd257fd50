// Matrix products, and the activations that tfjs fuses to products and convolutions.
#include "activation.h"
#include "device.h"
#include "kernel.h"
#include "precision.h"

namespace kontrast {

Tensor activate(const Tensor& x, const std::string& name, const std::optional<Tensor>& prelu, double leak) {
  if (name == "linear") return x;
  if (name == "relu") return at::relu(x);
  if (name == "relu6") return at::clamp(x, 0, 6);
  if (name == "elu") return at::elu(x);
  if (name == "sigmoid") return at::sigmoid(x);
  if (name == "leakyrelu") return at::leaky_relu(x, leak);
  require(name == "prelu" && prelu.has_value(), "no activation named ", name);
  return at::where(x.lt(0), x.mul(*prelu), x);
}

namespace {

/// Matrix product over the two innermost axes; outer axes broadcast as in torch::matmul.
///   a [..., m, k], or [..., k, m] with transpose_a;  b [..., k, n], or [..., n, k] with transpose_b
///   result [..., m, n], dtype and device of a
/// Throws std::invalid_argument: "inner axes differ, got a [2, 3] and b [4, 5]".
Tensor product(const Tensor& a, const Tensor& b, bool transpose_a, bool transpose_b) {
  const Tensor left = transpose_a ? a.transpose(-2, -1) : a;
  const Tensor right = transpose_b ? b.transpose(-2, -1) : b;
  require(left.size(-1) == right.size(-2), "inner axes differ, got a ", left.sizes(), " and b ", right.sizes());
  // Products of whole numbers exist on the CPU only; in double they are exact up to 2^53.
  if (!takes_loop(a) && !a.is_floating_point() && !a.is_complex()) {
    return at::matmul(left.to(at::kDouble), right.to(at::kDouble)).to(at::kLong).to(at::kInt);
  }
  return at::matmul(left, right);
}

/// product, in bfloat16 where an operand is stored so.
Tensor BatchMatMul(const Stored& a, const Stored& b, bool transpose_a, bool transpose_b) {
  const bool reduced = is_reduced(a) || is_reduced(b);
  return product(operand(a, reduced), operand(b, reduced), transpose_a, transpose_b);
}
KONTRAST_KERNEL(BatchMatMul);

/// activation(a · b + bias).
Tensor FusedMatMul(const Stored& a, const Stored& b, const std::optional<Tensor>& bias,
                   const std::optional<Tensor>& prelu, bool transpose_a, bool transpose_b,
                   const std::string& activation, double leak) {
  const bool reduced = reducing() || is_reduced(a) || is_reduced(b);
  Tensor sums = product(operand(a, reduced), operand(b, reduced), transpose_a, transpose_b);
  if (bias) sums.add_(*bias);
  return activate(sums, activation, prelu, leak);
}
KONTRAST_KERNEL(FusedMatMul);

KONTRAST_INLINE_KERNEL(Einsum, (const std::string& equation, const std::vector<Tensor>& tensors),
                       at::einsum(equation, tensors));

} // namespace
} // namespace kontrast
