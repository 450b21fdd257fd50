import { expect, test } from "vitest";
import { batchOf, shapes, subset, toTensor } from "../../src/data/index.js";
import { smallResNet } from "../../src/encoders/index.js";
import { memory, tensor2d } from "../../src/engine/tensor.js";
import { neighbours, pixels, represent } from "../../src/evaluation/index.js";
import { streamed } from "../data/streamed.js";
import { fakeCell } from "../display/fakeCell.js";
import { useTestEngine } from "../engine/useTestEngine.js";

useTestEngine();

test("batches do not change the representations", async () => {
  const dataset = shapes({ count: 10, seed: 1 });
  const encoder = smallResNet({ imageShape: dataset.imageShape, seed: 1, widths: [4, 6] });
  const before = memory().numTensors;
  const [whole, parts] = [await represent(encoder, dataset), await represent(encoder, dataset, { batchSize: 3 })];
  expect(memory().numTensors).toBe(before + 2);
  expect(whole.shape).toEqual([10, 6]);
  const [a, b] = [await whole.data(), await parts.data()];
  for (const [index, value] of a.entries()) expect(b[index]).toBeCloseTo(value, 5);
});

test("represents in inference mode, in the order of the data set", async () => {
  const dataset = shapes({ count: 4, seed: 1 });
  const encoder = smallResNet({ imageShape: dataset.imageShape, seed: 1, widths: [4, 6] });
  const whole = await (await represent(encoder, dataset)).array();
  const third = await (await represent(encoder, subset(dataset, [2]))).array();
  for (const [axis, value] of (third[0] as number[]).entries()) expect(whole[2]?.[axis]).toBeCloseTo(value, 5);
});

test("pixels are the images as rows", async () => {
  const dataset = shapes({ count: 5, seed: 2 });
  const rows = await pixels(dataset);
  expect(rows.shape).toEqual([5, dataset.imageShape.reduce((product, extent) => product * extent, 1)]);
  const expected = toTensor(batchOf(dataset, [0, 1, 2, 3, 4]));
  expect(await rows.data()).toEqual(await expected.data());
});

test("data that are read piece by piece: the same rows, or an error for what cannot be read", async () => {
  const dataset = shapes({ count: 9, seed: 2 });
  const [rows, streamedRows] = [await pixels(dataset), await pixels(streamed(dataset))];
  expect(await streamedRows.data()).toEqual(await rows.data());
  const encoder = smallResNet({ imageShape: dataset.imageShape, seed: 1, widths: [4] });
  const before = memory().numTensors;
  await expect(represent(encoder, streamed(dataset, { unreadable: [7] }), { batchSize: 3 })).rejects.toThrow(
    'loadBatch: 1 of 3 images of "shapes" cannot be read (item 7); leave them out: readableOf(dataset)',
  );
  expect(memory().numTensors).toBe(before);
});

test("an interrupt of the cell ends it, and frees what there was", async () => {
  const dataset = shapes({ count: 40, seed: 2 });
  const encoder = smallResNet({ imageShape: dataset.imageShape, seed: 1, widths: [4] });
  const before = memory().numTensors;
  const abort = new AbortController();
  const cell = fakeCell({ signal: abort.signal });
  try {
    const running = represent(encoder, dataset, { batchSize: 1 });
    setImmediate(() => abort.abort(new Error("the cell was interrupted")));
    await expect(running).rejects.toThrow("the cell was interrupted");
    const features = tensor2d([[1], [2], [3]]);
    await expect(neighbours(features, 1)).rejects.toThrow("the cell was interrupted");
    features.dispose();
  } finally {
    cell.end();
  }
  expect(memory().numTensors).toBe(before);
});

test("names images of other channels", async () => {
  const dataset = shapes({ count: 4, seed: 1 });
  const encoder = smallResNet({ imageShape: [32, 32, 1], seed: 1, widths: [4] });
  await expect(represent(encoder, dataset)).rejects.toThrow(
    'represent: images of "shapes" must have 1 channel, which the encoder is made for, got 3; make it with imageShape: dataset.imageShape',
  );
});

test("rejects a batch size of 0", async () => {
  const dataset = shapes({ count: 4, seed: 1 });
  const encoder = smallResNet({ imageShape: dataset.imageShape, seed: 1, widths: [4] });
  await expect(represent(encoder, dataset, { batchSize: 0 })).rejects.toThrow(
    "represent: batchSize must be an integer >= 1, got 0",
  );
});
