import { requireInteger } from "../check/index.js";
import type { Batch, ImageDataset } from "./dataset.js";
import { batchesPerEpoch, shuffled } from "./samplers/index.js";
import { type BatchOptions, batchesFor } from "./trainingBatches.js";

/**
 * One epoch in batches, read ahead while the caller works. By default every item comes at most once, in an order set by
 * seed and epoch, and what is left over after the last full batch is dropped; `sampler` says otherwise.
 *
 * An image that cannot be read is replaced by another, so that a batch keeps its size: the first readable one of those at
 * positions drawn at random with the position of the missing one as seed. `batch.replaced` counts them.
 *
 * @throws RangeError `epochBatches: batchSize must be <= 100 (the data's size), got 256`
 * @throws Error `epochBatches: item 3 of "photos" cannot be read, nor can 20 others in its place; are its files there?`
 */
export async function* epochBatches(
  dataset: ImageDataset,
  options: BatchOptions & { readonly epoch: number },
): AsyncGenerator<Batch> {
  const { epoch, batchSize, sampler = shuffled() } = options;
  requireInteger("epochBatches", "epoch", epoch);
  const perEpoch = batchesPerEpoch("epochBatches", dataset, batchSize, sampler);
  const part = { firstStep: epoch * perEpoch, steps: (epoch + 1) * perEpoch };
  for await (const { batch } of batchesFor("epochBatches", dataset, { ...options, sampler, ...part })) yield batch;
}
