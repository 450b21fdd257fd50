import { seededRandom } from "../../check/index.js";
import type { Sampler } from "./sampler.js";

/**
 * Every item at most once per epoch, in an order set by seed and epoch; the default. What is left over after the last
 * full batch is dropped; another epoch drops others.
 */
export function shuffled(): Sampler {
  return {
    name: "shuffled",
    batchesPerEpoch: ({ size }, batchSize) => Math.floor(size / batchSize),
    *epoch({ size }, { batchSize, seed, epoch }) {
      const order = seededRandom(seed, epoch).permutation(size);
      for (let start = 0; start + batchSize <= size; start += batchSize) {
        yield order.subarray(start, start + batchSize);
      }
    },
  };
}
