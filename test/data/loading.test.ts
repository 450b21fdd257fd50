import { describe, expect, test } from "vitest";
import {
  type Batch,
  batchesInOrder,
  batchOf,
  epochBatches,
  fromArrays,
  isImageArray,
  loadBatch,
  readableOf,
  shapes,
  subset,
  trainingBatches,
} from "../../src/data/index.js";
import { streamed } from "./streamed.js";

const data = shapes({ count: 60, size: 16, firstId: 100 });
const parts = ({ images, ids, labels, groups, shape }: Batch) => ({ images, ids, labels, groups, shape });

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe("loadBatch", () => {
  test("is batchOf for data that are somewhere else", async () => {
    const far = streamed(data);
    expect(isImageArray(data) && !isImageArray(far)).toBe(true);
    for (const dataset of [data, far]) {
      expect(parts(await loadBatch(dataset, [3, 1, 3]))).toEqual(parts(batchOf(data, [3, 1, 3])));
    }
    expect((await loadBatch(data, [3, 1])).source.bytes).toBe(data.images); // nothing is copied
    await expect(loadBatch(far, [60])).rejects.toThrow(
      "loadBatch: indices must be in [0, 59] (the data's size is 60), got 60",
    );
  });

  test("names what cannot be read", async () => {
    const broken = streamed(data, { unreadable: [3, 9] });
    await expect(loadBatch(broken, [1, 9, 3, 2])).rejects.toThrow(
      'loadBatch: 2 of 4 images of "shapes" cannot be read (items 109, 103); leave them out: readableOf(dataset)',
    );
  });
});

describe("subset of data that are somewhere else", () => {
  test("reads through, of a subset, too", async () => {
    const far = streamed(data);
    const part = subset(subset(far, { from: 10 }), [5, 0]);
    expect([...part.ids]).toEqual([115, 110]);
    expect(part.factors?.["hue"]).toEqual(subset(data, [15, 10]).factors?.["hue"]);
    expect(parts(await loadBatch(part, [0, 1]))).toEqual(parts(batchOf(data, [15, 10])));
    expect(far.reads).toEqual([[15, 10]]);
  });
});

describe("readableOf", () => {
  test("leaves out what cannot be read", async () => {
    const readable = await readableOf(streamed(data, { unreadable: [0, 7, 59] }));
    expect(readable.size).toBe(57);
    expect([...readable.ids.slice(0, 7)]).toEqual([101, 102, 103, 104, 105, 106, 108]);
    const whole = streamed(data);
    expect(await readableOf(whole)).toBe(whole);
    expect(await readableOf(data)).toBe(data);
    const none = streamed(data, { unreadable: [...Array(60).keys()] });
    await expect(readableOf(none)).rejects.toThrow(
      'readableOf: none of the 60 images of "shapes" can be read; are its files there?',
    );
  });
});

describe("unreadable images in an epoch", () => {
  const unreadable = [2, 3, 5, 7, 11, 13];
  const ids = unreadable.map((position) => 100 + position);

  test("are replaced by others, the same each time, and counted", async () => {
    const options = { batchSize: 20, seed: 1, epoch: 0 };
    const batches = await collect(epochBatches(streamed(data, { unreadable }), options));
    const again = await collect(epochBatches(streamed(data, { unreadable }), options));
    expect(batches.map(parts)).toEqual(again.map(parts));
    expect(batches.reduce((sum, { replaced }) => sum + replaced, 0)).toBe(6);
    const whole = await collect(epochBatches(data, options));
    batches.forEach((batch, index) => {
      expect(batch.shape).toEqual([20, 16, 16, 3]);
      expect(new Set(batch.ids).size).toBe(20);
      batch.ids.forEach((id, at) => {
        expect(ids).not.toContain(id);
        const wanted = whole[index]?.ids[at] as number;
        if (!ids.includes(wanted)) expect(id).toBe(wanted);
      });
      const positions = batch.ids.map((id) => id - 100);
      expect({ ...parts(batch) }).toEqual(parts(batchOf(data, positions)));
    });
  });

  test("a batch of all items has nothing to put in their place", async () => {
    const batches = epochBatches(streamed(data, { unreadable: [4] }), { batchSize: 60, epoch: 0 });
    await expect(batches.next()).rejects.toThrow(
      'epochBatches: item 104 of "shapes" cannot be read, and no other is left to take its place; are its files there?',
    );
  });

  test("broken data are an error, not an endless search", async () => {
    const large = fromArrays({ images: new Uint8Array(5000), imageShape: [1, 1, 1] });
    const broken = streamed(large, { unreadable: [...Array(5000).keys()] });
    const batches = epochBatches(broken, { batchSize: 4, epoch: 0, ahead: 0 });
    await expect(batches.next()).rejects.toThrow("cannot be read, nor can 20 others in its place");
    expect(broken.reads).toHaveLength(21);
  });
});

test.each([0, -3, 1.5, Number.NaN])("batchesInOrder refuses batches of %s", (batchSize) => {
  expect(() => batchesInOrder(shapes({ count: 10 }), batchSize)).toThrow(
    new RangeError(`batchesInOrder: batchSize must be an integer >= 1, got ${batchSize}`),
  );
});

test("batchesInOrder gives every item once, the last batch being smaller", async () => {
  const batches = await collect(batchesInOrder(streamed(data), 25));
  expect(batches.map(({ shape }) => shape[0])).toEqual([25, 25, 10]);
  expect(batches.flatMap((batch) => [...batch.ids])).toEqual([...data.ids]);
});

describe("trainingBatches", () => {
  const stepsOf = (first: number, far = streamed(data)) =>
    collect(trainingBatches(far, { batchSize: 16, seed: 5, firstStep: first, steps: 11 }));

  test("goes on at a later step with the batches that would have come, without reading others", async () => {
    const all = await stepsOf(0);
    expect(all.map(({ step, epoch }) => [step, epoch])).toEqual(
      Array.from({ length: 11 }, (_, step) => [step, Math.floor(step / 3)]),
    );
    for (const first of [1, 3, 8, 10, 11]) {
      const far = streamed(data);
      const rest = await stepsOf(first, far);
      const plain = (steps: typeof all) => steps.map(({ step, epoch, batch }) => ({ step, epoch, ...parts(batch) }));
      expect(plain(rest)).toEqual(plain(all.slice(first)));
      expect(far.reads).toHaveLength(11 - first);
    }
  });

  test("is epochBatches, epoch after epoch", async () => {
    const expected: Batch[] = [];
    for (const epoch of [0, 1]) {
      expected.push(...(await collect(epochBatches(data, { batchSize: 16, seed: 5, epoch }))));
    }
    expect((await stepsOf(0)).slice(0, 6).map(({ batch }) => parts(batch))).toEqual(expected.map(parts));
  });

  test.each([
    [{ batchSize: 61 }, "trainingBatches: batchSize must be <= 60 (the data's size), got 61"],
    [{ batchSize: 2, firstStep: -1 }, "trainingBatches: firstStep must be an integer >= 0, got -1"],
    [{ batchSize: 2, steps: 0 }, "trainingBatches: steps must be an integer >= 1, got 0"],
    [{ batchSize: 2, ahead: 0.5 }, "trainingBatches: ahead must be an integer >= 0, got 0.5"],
    [
      { batchSize: 2, seed: 0.5 },
      "trainingBatches: seed must be an integer from -9007199254740991 to 9007199254740991, got 0.5",
    ],
  ])("rejects %o", async (options, message) => {
    await expect(trainingBatches(data, options).next()).rejects.toThrow(message);
  });
});
