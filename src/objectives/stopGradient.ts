import { customGrad, type Tensor, zerosLike } from "../engine/tensor.js";

/**
 * Applies a function whose result counts as a constant: no gradient flows through it, and its intermediate results are
 * freed at once instead of being kept for a backward pass.
 *
 * @param compute default: the input itself
 */
export function stopGradient<Input extends Tensor, Output extends Tensor = Input>(
  input: Input,
  compute: (input: Input) => Output = (same) => same.clone() as unknown as Output,
): Output {
  const constant = customGrad((x) => ({ value: compute(x as Input), gradFunc: () => zerosLike(x as Input) }));
  return constant(input) as Output;
}
