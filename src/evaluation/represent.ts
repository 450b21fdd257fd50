import { requireInteger } from "../check/index.js";
import { batchOf, type ImageArray, toTensor } from "../data/index.js";
import type { Encoder } from "../encoders/index.js";
import { concat, dispose, type Tensor2D, tidy } from "../engine/tensor.js";

/**
 * Representations h of all images of a data set, in its order, with the moving statistics (inference).
 *
 * @param options.batchSize images at a time; default 256
 * @returns [n, dimensions]
 */
export async function represent(
  encoder: Pick<Encoder, "represent">,
  dataset: ImageArray,
  options: { batchSize?: number } = {},
): Promise<Tensor2D> {
  const { batchSize = 256 } = options;
  requireInteger("represent", "batchSize", batchSize, 1);
  return inBatches(dataset, batchSize, (indices) => tidy(() => encoder.represent(toTensor(batchOf(dataset, indices)))));
}

/**
 * The raw pixels of all images as rows, a baseline for every probe.
 *
 * @returns [n, height · width · channels], in [0, 1]
 */
export async function pixels(dataset: ImageArray): Promise<Tensor2D> {
  return inBatches(dataset, 1024, (indices) =>
    tidy(() => toTensor(batchOf(dataset, indices)).reshape<never>([indices.length, -1])),
  );
}

async function inBatches(
  dataset: ImageArray,
  batchSize: number,
  compute: (indices: Int32Array) => Tensor2D,
): Promise<Tensor2D> {
  const parts: Tensor2D[] = [];
  try {
    for (let from = 0; from < dataset.size; from += batchSize) {
      const count = Math.min(batchSize, dataset.size - from);
      parts.push(compute(Int32Array.from({ length: count }, (_, index) => from + index)));
      await new Promise(setImmediate); // lets interrupts and output through
    }
    return concat(parts, 0);
  } finally {
    dispose(parts);
  }
}
