import { requireInteger } from "../check/index.js";
import type { Batch, ImageDataset } from "./dataset.js";
import { inParts } from "./inParts.js";
import { loadBatch } from "./loadBatch.js";
import { prefetch } from "./prefetch.js";

/**
 * All items of a data set in its order, so many at a time (the last batch may be smaller); the next batch is read while
 * the caller works.
 *
 * @throws Error as `loadBatch`
 * @throws RangeError `batchesInOrder: batchSize must be an integer >= 1, got 0`
 */
export function batchesInOrder(dataset: ImageDataset, batchSize: number): AsyncGenerator<Batch> {
  requireInteger("batchesInOrder", "batchSize", batchSize, 1);
  return prefetch(inParts(dataset.size, batchSize), (positions) => loadBatch(dataset, positions), { ahead: 1 });
}
