import { type Tensor4D, tensor4d } from "../tensor.js";

/** One number per image in a form that broadcasts over its pixels: [batch, 1, 1, 1]. */
export function perImage(values: readonly number[]): Tensor4D {
  return tensor4d(Float32Array.from(values), [values.length, 1, 1, 1]);
}
