import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { epochBatches, shapes } from "../../src/data/index.js";

/** Bytes of pixels that are still held, after everything that nobody holds has been let go of. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().arrayBuffers;
}

test("an epoch of drawn images holds a few batches, however many items it has", async () => {
  const [count, size, batchSize] = [20_000, 24, 250];
  const dataset = shapes({ count, size, lazy: true });
  const bytesOfBatch = batchSize * size * size * 3;
  const before = heldBytes();
  let [seen, most] = [0, 0];
  for await (const batch of epochBatches(dataset, { batchSize, epoch: 0 })) {
    seen += batch.ids.length;
    if (seen % 2500 === 0) most = Math.max(most, heldBytes() - before);
  }
  expect(seen).toBe(count);
  // The batch worked on, two that are read ahead, the one that went before, and the order of the epoch; not 80 batches.
  expect(most).toBeLessThan(6 * bytesOfBatch);
  expect(heldBytes() - before).toBeLessThan(bytesOfBatch);
});
