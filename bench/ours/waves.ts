import { tf } from "kontrast";

/**
 * Values that the peer makes, too, with no random numbers: sin(1.3 + i · step) in the order of the last axis first.
 *
 * @param shape channels last
 * @param step differs between the inputs of one case
 */
export function waves(shape: readonly number[], step: number): tf.Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from({ length: size }, (_, index) => Math.sin(1.3 + index * step));
  return tf.tensor(values, [...shape]);
}
