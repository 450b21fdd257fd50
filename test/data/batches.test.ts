import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Batch, batchOf, epochBatches, shapes, subset, toTensor } from "../../src/data/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";

useTestEngine();

const data = shapes({ count: 100, size: 16, firstId: 500 });
const extent = 16 * 16 * 3;

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

describe("epochBatches", () => {
  test("an epoch shows every item at most once, in full batches", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), fc.integer(), fc.nat(50), async (batchSize, seed, epoch) => {
        const batches = await collect(epochBatches(data, { batchSize, seed, epoch }));
        expect(batches).toHaveLength(Math.floor(100 / batchSize));
        const ids = batches.flatMap((batch) => Array.from(batch.ids));
        expect(ids).toHaveLength(batches.length * batchSize);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.every((id) => id >= 500 && id < 600)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("seed and epoch set the order", async () => {
    const order = async (seed: number, epoch: number) =>
      (await collect(epochBatches(data, { batchSize: 10, seed, epoch }))).flatMap((batch) => [...batch.ids]).join();
    expect(await order(1, 0)).toBe(await order(1, 0));
    expect(new Set([await order(1, 0), await order(1, 1), await order(2, 0), await order(2, 1)]).size).toBe(4);
  });

  test("images, labels and groups go with their ids", async () => {
    for await (const batch of epochBatches(data, { batchSize: 33, seed: 0, epoch: 0 })) {
      batch.ids.forEach((id, position) => {
        const source = id - 500;
        expect(batch.labels[position]).toBe(data.labels[source]);
        expect(batch.groups[position]).toBe(data.groups[source]);
        const own = batch.images.subarray(position * extent, (position + 1) * extent);
        expect(own).toEqual(data.images.subarray(source * extent, (source + 1) * extent));
      });
    }
  });

  test("rejects a batch larger than the data", async () => {
    await expect(epochBatches(data, { batchSize: 256, seed: 0, epoch: 0 }).next()).rejects.toThrow(
      new RangeError("epochBatches: batchSize must be <= 100 (the data's size), got 256"),
    );
    await expect(epochBatches(data, { batchSize: 0, seed: 0, epoch: 0 }).next()).rejects.toThrow(
      "epochBatches: batchSize must be an integer >= 1, got 0",
    );
  });
});

describe("subset", () => {
  test("a range keeps ids, labels and factors", () => {
    const part = subset(data, { from: 90 });
    expect(part.size).toBe(10);
    expect(Array.from(part.ids)).toEqual([590, 591, 592, 593, 594, 595, 596, 597, 598, 599]);
    expect(part.images).toEqual(data.images.subarray(90 * extent));
    expect(part.factors?.["hue"]).toEqual(data.factors?.["hue"]?.slice(90));
  });

  test("a subset of a subset is the composed choice", () => {
    const twice = subset(subset(data, [7, 3, 99]), [2, 0]);
    expect(Array.from(twice.ids)).toEqual([599, 507]);
    expect(twice.imageShape).toEqual(data.imageShape);
  });

  test("rejects what is not there", () => {
    expect(() => subset(data, { from: 50, to: 200 })).toThrow("subset: range must lie in [0, 100], got 50 to 200");
    expect(() => subset(data, [100])).toThrow("subset: indices must be in [0, 99] (the data's size is 100), got 100");
    expect(() => batchOf(data, [-1])).toThrow("batchOf: indices must be in [0, 99] (the data's size is 100), got -1");
  });
});

test("toTensor scales bytes to [0, 1]", async () => {
  const tensor = toTensor(batchOf(data, [4, 2]));
  expect(tensor.shape).toEqual([2, 16, 16, 3]);
  expect(tensor.dtype).toBe("float32");
  const expected = [4, 2].flatMap((index) => Array.from(data.images.subarray(index * extent, (index + 1) * extent)));
  expect(Array.from(await tensor.data())).toEqual(expected.map((value) => Math.fround(value / 255)));
});
