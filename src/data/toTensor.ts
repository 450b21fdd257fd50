import { type Tensor4D, tensor4d } from "../engine/tensor.js";
import type { Batch } from "./dataset.js";

/** value / 255 for each byte: looking up is faster than dividing. */
const shares = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/** The images of a batch on the engine: float32 [batch, height, width, channels] in [0, 1], each value / 255. */
export function toTensor(batch: Pick<Batch, "images" | "shape">): Tensor4D {
  const values = new Float32Array(batch.images.length);
  for (let index = 0; index < values.length; index++) values[index] = shares[batch.images[index] as number] as number;
  return tensor4d(values, [...batch.shape], "float32");
}
