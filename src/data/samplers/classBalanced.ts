import { requireThat, seededRandom } from "../../check/index.js";
import type { Items } from "../dataset.js";
import { membersOfLabels, shuffle } from "./members.js";
import type { Sampler } from "./sampler.js";

/**
 * All classes have the same share of every batch, whatever their share of the data: `batchSize / classes` places each,
 * those left over going to other classes from batch to batch. A class is gone through in random order, then once more in
 * another: within an epoch (size / batchSize batches) items of rare classes come often, some of common ones not at all.
 * Within a batch no item comes twice, as it would be its own negative.
 *
 * @throws RangeError, when an epoch begins: `classBalanced: batchSize must be at most 30, so that class "star" with its 3
 *   items has enough for its places in a batch, got 64`
 * @throws RangeError `classBalanced: labels must be known, got -1 for item 12; leave such items out with subset(…)`
 */
export function classBalanced(): Sampler {
  return {
    name: "classBalanced",
    batchesPerEpoch(items, batchSize) {
      requireEnough(items, batchSize);
      return Math.floor(items.size / batchSize);
    },
    *epoch(items, { batchSize, seed, epoch }) {
      const classes = membersOfLabels("classBalanced", items);
      const decks = classes.map((members, index) => deck(members, [seed, epoch, index]));
      const random = seededRandom(seed, epoch);
      const rank = random.permutation(classes.length); // another in each epoch, else some might never get what is left over
      const share = Math.floor(batchSize / classes.length);
      for (let turn = 0; ; ) {
        const positions: number[] = [];
        const order = random.permutation(batchSize);
        const further = batchSize - share * classes.length;
        decks.forEach((draw, index) => {
          const getsOneMore = ((rank[index] as number) - turn + classes.length) % classes.length < further;
          positions.push(...draw(share + (getsOneMore ? 1 : 0)));
        });
        turn = (turn + further) % classes.length;
        yield order.map((at) => positions[at] as number);
      }
    },
  };
}

/** Gives members in random order, over and over; those of one call are different items. */
function deck(members: Int32Array, stream: [number, number, number]): (count: number) => Int32Array {
  const random = seededRandom(...stream);
  let order = shuffle(random, members);
  let next = 0;
  return (count) => {
    const rest = order.subarray(next, next + count);
    next += count;
    if (next <= order.length) return rest;
    const given = new Set(rest);
    const again = shuffle(random, members);
    // Those given already go to the end of the new round, so that the call has each item once.
    order = Int32Array.from([...again.filter((at) => !given.has(at)), ...again.filter((at) => given.has(at))]);
    next = count - rest.length;
    return Int32Array.from([...rest, ...order.subarray(0, next)]);
  };
}

function requireEnough(items: Items, batchSize: number): void {
  const classes = membersOfLabels("classBalanced", items);
  const smallest = classes.reduce((least, members) => (members.length < least.length ? members : least));
  const most = smallest.length * classes.length;
  const label = items.labels[smallest[0] as number] as number;
  const name = `class "${items.classNames[label] ?? label}" with its ${smallest.length} items`;
  const reason = `so that ${name} has enough for its places in a batch`;
  requireThat(batchSize <= most, "classBalanced", `batchSize must be at most ${most}, ${reason}, got ${batchSize}`);
}
