import { imagesOfBytes } from "../engine/fused/index.js";
import type { Tensor4D } from "../engine/tensor.js";
import type { Batch } from "./dataset.js";

/**
 * The images of a batch on the engine: float32 [batch, height, width, channels] in [0, 1], each value / 255. Taken
 * straight from the data set where the batch says its `source`.
 */
export function toTensor(batch: Pick<Batch, "images" | "shape"> & Partial<Pick<Batch, "source">>): Tensor4D {
  const [n, ...shape] = batch.shape;
  const { bytes, positions } = batch.source ?? { bytes: batch.images, positions: new Int32Array(n).map((_, at) => at) };
  return imagesOfBytes({ bytes, shape }, positions);
}
