import { requireInteger, requireThat, seededRandom } from "../check/index.js";
import { batchOf } from "./batchOf.js";
import type { Batch, ImageArray } from "./dataset.js";

/**
 * One epoch in batches: every item at most once, in an order set by seed and epoch. What is left over after the last
 * full batch is dropped; another epoch drops others.
 *
 * @throws RangeError `epochBatches: batchSize must be <= 100 (the data's size), got 256`
 */
export function* epochBatches(
  dataset: ImageArray,
  options: { batchSize: number; seed: number; epoch: number },
): Generator<Batch> {
  const { batchSize, seed, epoch } = options;
  requireInteger("epochBatches", "batchSize", batchSize, 1);
  requireInteger("epochBatches", "epoch", epoch);
  requireThat(
    batchSize <= dataset.size,
    "epochBatches",
    `batchSize must be <= ${dataset.size} (the data's size), got ${batchSize}`,
  );
  const order = seededRandom(seed, epoch).permutation(dataset.size);
  for (let start = 0; start + batchSize <= dataset.size; start += batchSize) {
    yield batchOf(dataset, order.subarray(start, start + batchSize));
  }
}
