import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/check/index.js";
import {
  batchesPerEpoch,
  classBalanced,
  clusterDisjoint,
  epochBatches,
  fromArrays,
  type Items,
  type Sampler,
  shuffled,
  stratified,
  trainingBatches,
} from "../../src/data/index.js";

/** Items with the given labels; each image is one byte. */
const labelled = (labels: readonly number[]) =>
  fromArrays({ images: new Uint8Array(labels.length), imageShape: [1, 1, 1], labels });

/** The first epoch's batches, as many as the sampler promises. */
function epochOf(sampler: Sampler, items: Items, batchSize: number, seed = 0, epoch = 0): number[][] {
  const count = sampler.batchesPerEpoch(items, batchSize);
  const batches: number[][] = [];
  for (const positions of sampler.epoch(items, { batchSize, seed, epoch })) {
    if (batches.length === count) break;
    batches.push(Array.from(positions));
  }
  expect(batches).toHaveLength(count);
  return batches;
}

const countsOf = (values: readonly number[]) => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};
const labelsOf = (items: Items, positions: readonly number[]) => positions.map((at) => items.labels[at] as number);
const classSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 12 });
const inClasses = (sizes: readonly number[]) => labelled(sizes.flatMap((size, label) => new Array(size).fill(label)));

describe.each([shuffled(), classBalanced(), stratified(), clusterDisjoint()])("$name", (sampler) => {
  const items = labelled(Array.from({ length: 200 }, (_, at) => (at * 7) % 20));

  test("follows from seed and epoch, and differs between them", () => {
    const first = epochOf(sampler, items, 10, 1, 0);
    expect(epochOf(sampler, items, 10, 1, 0)).toEqual(first);
    expect(epochOf(sampler, items, 10, 1, 1)).not.toEqual(first);
    expect(epochOf(sampler, items, 10, 2, 0)).not.toEqual(first);
  });

  test("has no item twice in a batch", () => {
    fc.assert(
      fc.property(classSizes, fc.integer({ min: 1, max: 12 }), fc.nat(9), (sizes, wanted, epoch) => {
        const data = inClasses(sizes);
        const batchSize = Math.min(wanted, sizes.length);
        for (const batch of epochOf(sampler, data, batchSize, 0, epoch)) {
          expect(batch).toHaveLength(batchSize);
          expect(new Set(batch).size).toBe(batchSize);
          expect(batch.every((at) => at >= 0 && at < data.size)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});

test("shuffled keeps the order that a permutation of seed and epoch has", () => {
  const items = labelled(new Array(10).fill(0));
  const order = [...seededRandom(4, 2).permutation(10)];
  expect(epochOf(shuffled(), items, 3, 4, 2).flat()).toEqual(order.slice(0, 9));
});

describe("classBalanced", () => {
  test("gives each class the same places, and those left over in turn", () => {
    const sizes = [400, 30, 6];
    const items = inClasses(sizes);
    const batches = epochOf(classBalanced(), items, 16);
    expect(batches).toHaveLength(Math.floor(436 / 16));
    for (const batch of batches) {
      const counts = [...countsOf(labelsOf(items, batch)).values()].sort();
      expect(counts).toEqual([5, 5, 6]);
    }
    const total = countsOf(labelsOf(items, batches.flat()));
    expect([...total.values()].every((count) => count === (27 * 16) / 3)).toBe(true);
  });

  test("what is left over goes to every class, also where an epoch has few batches", () => {
    const items = inClasses(Array.from({ length: 10 }, () => 2));
    const epochs = Array.from({ length: 200 }, (_, epoch) => epochOf(classBalanced(), items, 6, 0, epoch).flat());
    const counts = [...countsOf(epochs.flatMap((positions) => labelsOf(items, positions))).values()];
    expect(counts).toHaveLength(10);
    expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(1.2); // 360 expected, with a deviation of about 8
  });

  test("goes through a class once before any of its items comes again", () => {
    const items = inClasses([100, 7]);
    const rare = epochOf(classBalanced(), items, 6).flatMap((batch) => batch.filter((at) => items.labels[at] === 1));
    const times = [...countsOf(rare).values()];
    expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
  });

  test("says which class is too small", () => {
    expect(() => epochOf(classBalanced(), inClasses([100, 3]), 8)).toThrow(
      'classBalanced: batchSize must be at most 6, so that class "1" with its 3 items has enough for its places in a batch, got 8',
    );
    const unknown = labelled([0, 1, -1, 0]);
    expect(() => epochOf(classBalanced(), unknown, 2)).toThrow(
      "classBalanced: labels must be known, got -1 for item 2; leave such items out with subset(…)",
    );
  });
});

describe("stratified", () => {
  test("keeps the proportions after every batch, and every item comes at most once", () => {
    fc.assert(
      fc.property(classSizes, fc.integer({ min: 1, max: 60 }), fc.integer(), (sizes, wanted, seed) => {
        const items = inClasses(sizes);
        const batchSize = Math.min(wanted, items.size);
        const batches = epochOf(stratified(), items, batchSize, seed);
        expect(batches).toHaveLength(Math.floor(items.size / batchSize));
        expect(new Set(batches.flat()).size).toBe(batches.length * batchSize);
        const soFar: number[] = [];
        for (const batch of batches) {
          const counts = countsOf(labelsOf(items, batch));
          soFar.push(...labelsOf(items, batch));
          const total = countsOf(soFar);
          sizes.forEach((size, label) => {
            expect(Math.abs((total.get(label) ?? 0) - (size * soFar.length) / items.size)).toBeLessThan(1);
            expect(Math.abs((counts.get(label) ?? 0) - (size * batchSize) / items.size)).toBeLessThan(2);
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  test("shows other leftovers in other epochs", () => {
    const items = inClasses([13, 9]);
    const shown = Array.from({ length: 40 }, (_, epoch) => epochOf(stratified(), items, 20, 0, epoch).flat());
    expect(new Set(shown.flat()).size).toBe(22);
  });
});

describe("clusterDisjoint", () => {
  test("no two items of a batch share a cluster, every item comes at most once, and no more batches would fit", () => {
    fc.assert(
      fc.property(classSizes, fc.integer({ min: 1, max: 12 }), fc.integer(), (sizes, wanted, seed) => {
        const items = inClasses(sizes);
        const batchSize = Math.min(wanted, sizes.length);
        const batches = epochOf(clusterDisjoint({ clusters: items.labels }), items, batchSize, seed);
        for (const batch of batches) expect(new Set(labelsOf(items, batch)).size).toBe(batchSize);
        expect(new Set(batches.flat()).size).toBe(batches.length * batchSize);
        // Were there one more batch, the clusters would have to give more items than one to each batch.
        const most = batches.length + 1;
        expect(sizes.reduce((sum, size) => sum + Math.min(size, most), 0)).toBeLessThan(most * batchSize);
      }),
      { numRuns: 200 },
    );
  });

  test("shows all items of equal clusters, and all of unequal ones over the epochs", () => {
    const equal = inClasses(new Array(8).fill(25));
    expect(new Set(epochOf(clusterDisjoint(), equal, 8).flat()).size).toBe(200);
    const unequal = inClasses([60, 20, 20, 20]);
    const shown = Array.from({ length: 30 }, (_, epoch) => epochOf(clusterDisjoint(), unequal, 3, 0, epoch).flat());
    expect(new Set(shown.flat()).size).toBe(120);
  });

  test("meets fewer false negatives than shuffled batches when clusters tell the class only roughly", () => {
    const random = seededRandom(1);
    const labels = Array.from({ length: 2000 }, () => random.integer(10));
    const items = labelled(labels);
    const clusters = labels.map((label) => 4 * label + random.integer(4)).map((c) => (random.chance(0.2) ? 99 : c));
    const pairs = (sampler: Sampler) =>
      epochOf(sampler, items, 16)
        .map((batch) => [...countsOf(labelsOf(items, batch)).values()])
        .reduce((sum, counts, _, all) => sum + counts.reduce((s, n) => s + n * (n - 1), 0) / all.length, 0);
    expect(pairs(clusterDisjoint({ clusters }))).toBeLessThan(0.85 * pairs(shuffled()));
  });

  test("rejects more items in a batch than clusters, and a column of another length", () => {
    const items = inClasses([5, 5]);
    expect(() => epochOf(clusterDisjoint(), items, 3)).toThrow(
      "clusterDisjoint: batchSize must be <= 2 (the number of clusters), got 3",
    );
    expect(() => epochOf(clusterDisjoint({ clusters: [0, 1] }), items, 2)).toThrow(
      "clusterDisjoint: clusters must have one entry per item (10), got 2",
    );
  });

  test("its name tells one clustering from another", () => {
    const [one, other] = [clusterDisjoint({ clusters: [0, 1] }), clusterDisjoint({ clusters: [1, 1] })];
    expect(one.name).toMatch(/^clusterDisjoint [0-9a-f]{8}$/);
    expect(other.name).not.toBe(one.name);
  });
});

describe("a sampler of one's own", () => {
  const items = labelled([0, 1, 2, 3, 4, 5, 6]);
  const inOrder: Sampler = {
    name: "inOrder",
    batchesPerEpoch: ({ size }, batchSize) => Math.floor(size / batchSize),
    *epoch(_, { batchSize }) {
      for (let at = 0; ; at += batchSize) yield Array.from({ length: batchSize }, (__, index) => at + index);
    },
  };
  const first = (sampler: Sampler) => epochBatches(items, { batchSize: 2, epoch: 0, sampler }).next();

  test("may be endless: an epoch takes what it promised", async () => {
    const steps: [number, number, number[]][] = [];
    for await (const { step, epoch, batch } of trainingBatches(items, { batchSize: 2, sampler: inOrder, steps: 5 })) {
      steps.push([step, epoch, [...batch.ids]]);
    }
    expect(steps.map(([step, epoch, ids]) => `${step} ${epoch} ${ids}`)).toEqual([
      "0 0 0,1",
      "1 0 2,3",
      "2 0 4,5",
      "3 1 0,1",
      "4 1 2,3",
    ]);
  });

  test("is told what is wrong with it", async () => {
    expect(() => batchesPerEpoch("pretrain", items, 2, { ...inOrder, batchesPerEpoch: () => 0 })).toThrow(
      "pretrain: the sampler inOrder must have an integer >= 1 of batches per epoch, got 0",
    );
    await expect(first({ ...inOrder, epoch: () => [] })).rejects.toThrow(
      "epochBatches: the sampler inOrder must give 3 batches per epoch, got 0 in epoch 0",
    );
    await expect(first({ ...inOrder, epoch: () => [[0]] })).rejects.toThrow(
      "epochBatches: the sampler inOrder must give batches of 2, got one of 1",
    );
    await expect(first({ ...inOrder, epoch: () => [[0, 7]] })).rejects.toThrow(
      "epochBatches: indices must be in [0, 6] (the data's size is 7), got 7",
    );
  });
});
