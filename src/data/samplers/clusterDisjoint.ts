import { createHash } from "node:crypto";
import { requireThat, seededRandom } from "../../check/index.js";
import type { Items } from "../dataset.js";
import { membersOf, shuffle } from "./members.js";
import type { Sampler } from "./sampler.js";

/**
 * No two items of one cluster in a batch, every item at most once per epoch: items that look alike are never negatives of
 * each other. Chakraborty, Roy Gosthipaty and Paul 2020, "G-SimCLR" (arXiv:2009.12007), who cluster the latent space of a
 * denoising auto-encoder by k-means with as many clusters as items in a batch.
 *
 * Other than in their code, the promise holds for the last batch, too: an epoch has as many batches as can be filled
 * without a repetition, and which items of large clusters it leaves out differs from epoch to epoch. More clusters than
 * items in a batch leave out fewer.
 *
 * @param options.clusters the cluster of each item of the data set, any integers; default: its groups, the best that a
 *   clustering could find
 * @throws RangeError, when an epoch begins: `clusterDisjoint: batchSize must be <= 10 (the number of clusters), got 64`
 * @throws RangeError `clusterDisjoint: clusters must have one entry per item (100), got 99`
 */
export function clusterDisjoint(options: { clusters?: ArrayLike<number> } = {}): Sampler {
  const clusters = options.clusters && Int32Array.from(options.clusters);
  const digest = clusters && createHash("sha256").update(clusters).digest("hex").slice(0, 8);
  return {
    name: digest ? `clusterDisjoint ${digest}` : "clusterDisjoint by group",
    batchesPerEpoch(items, batchSize) {
      return fullBatches(membersOf(columnOf(items, clusters)), batchSize);
    },
    *epoch(items, { batchSize, seed, epoch }) {
      const random = seededRandom(seed, epoch);
      const column = columnOf(items, clusters);
      const members = membersOf(column);
      const count = fullBatches(members, batchSize);
      // An item beyond one per batch would have to repeat its cluster; of the others, only full batches are shown.
      const usable = [...members.values()].map((positions) => shuffle(random, positions).subarray(0, count));
      const shown = shuffle(random, concatenated(usable)).subarray(0, count * batchSize);
      const groups = [...membersOf(shown.map((position) => column[position] as number)).values()];
      const inTurn = concatenated(Array.from(random.permutation(groups.length), (at) => groups[at] as Int32Array));
      // Dealt out like cards: neighbours go to different batches, and no cluster has more items than there are batches.
      for (const batch of random.permutation(count)) {
        const dealt = Int32Array.from({ length: batchSize }, (_, round) => inTurn[round * count + batch] as number);
        yield shuffle(random, dealt).map((at) => shown[at] as number);
      }
    },
  };
}

function columnOf(items: Items, clusters: Int32Array | undefined): Int32Array {
  const column = clusters ?? items.groups;
  const what = `clusters must have one entry per item (${items.size}), got ${column.length}`;
  requireThat(column.length === items.size, "clusterDisjoint", what);
  return column;
}

function concatenated(parts: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The most batches of different clusters: m such that the clusters, each counted at most m times, fill m batches. */
function fullBatches(members: ReadonlyMap<number, Int32Array>, batchSize: number): number {
  const sizes = Array.from(members.values(), ({ length }) => length);
  requireThat(
    batchSize <= sizes.length,
    "clusterDisjoint",
    `batchSize must be <= ${sizes.length} (the number of clusters), got ${batchSize}`,
  );
  const fits = (count: number) => sizes.reduce((sum, size) => sum + Math.min(size, count), 0) >= count * batchSize;
  let [most, least] = [Math.floor(sizes.reduce((sum, size) => sum + size, 0) / batchSize), 1];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle - 1;
  }
  return least;
}
