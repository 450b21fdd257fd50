import { requireInteger } from "../check/index.js";
import { type Batch, batchesInOrder, type ImageDataset, toTensor } from "../data/index.js";
import type { Encoder } from "../encoders/index.js";
import { requireChannels } from "../encoders/requireChannels.js";
import { nextTurn } from "../engine/index.js";
import { concat, dispose, type Tensor2D, tidy } from "../engine/tensor.js";

/**
 * Representations h of all images of a data set, in its order, with the moving statistics (inference).
 *
 * @param options.batchSize images at a time; default 256
 * @returns [n, dimensions]
 * @throws AbortError when the running cell is interrupted
 * @throws Error `loadBatch: 2 of 256 images of "photos" cannot be read (items 3, 9); leave them out: readableOf(dataset)`
 */
export async function represent(
  encoder: Pick<Encoder, "represent"> & Partial<Pick<Encoder, "backbone">>,
  dataset: ImageDataset,
  options: { batchSize?: number } = {},
): Promise<Tensor2D> {
  const { batchSize = 256 } = options;
  requireInteger("represent", "batchSize", batchSize, 1);
  requireChannels("represent", encoder, dataset);
  return inBatches(dataset, batchSize, (batch) => tidy(() => encoder.represent(toTensor(batch))));
}

/**
 * The raw pixels of all images as rows, a baseline for every probe.
 *
 * @returns [n, height · width · channels], in [0, 1]
 */
export async function pixels(dataset: ImageDataset): Promise<Tensor2D> {
  return inBatches(dataset, 1024, (batch) => tidy(() => toTensor(batch).reshape<never>([batch.shape[0], -1])));
}

async function inBatches(
  dataset: ImageDataset,
  batchSize: number,
  compute: (batch: Batch) => Tensor2D,
): Promise<Tensor2D> {
  const parts: Tensor2D[] = [];
  try {
    for await (const batch of batchesInOrder(dataset, batchSize)) {
      parts.push(compute(batch));
      await nextTurn();
    }
    return concat(parts, 0);
  } finally {
    dispose(parts);
  }
}
