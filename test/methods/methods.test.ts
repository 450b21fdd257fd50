import { describe, expect, test } from "vitest";
import type { Encoder } from "../../src/encoders/index.js";
import {
  concat,
  dispose,
  gather,
  matMul,
  memory,
  type Tensor2D,
  type Tensor4D,
  tensor2d,
  tidy,
  variableGrads,
} from "../../src/engine/tensor.js";
import { cloneEncoder } from "../../src/methods/cloneEncoder.js";
import { embedInParts } from "../../src/methods/embedInParts.js";
import { type Method, moco, sce, simclr } from "../../src/methods/index.js";
import { keyQueue } from "../../src/methods/keyQueue.js";
import { infoNce, ntXent, sce as sceObjective } from "../../src/objectives/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { tinyEncoder, viewsOf } from "./tinyEncoder.js";

useTestEngine();

const queueSize = 12;
const makers: Record<string, (encoder: Encoder) => Method> = {
  simclr: (encoder) => simclr({ encoder }),
  moco: (encoder) => moco({ encoder, queueSize }),
  "moco in parts": (encoder) => moco({ encoder, queueSize, batchNormParts: 2 }),
  sce: (encoder) => sce({ encoder, queueSize }),
};

/** One step without an optimizer. */
async function lossOf(method: Method, n: number, from = 0): Promise<number> {
  const { images, refs } = viewsOf(method, n, from);
  const loss = method.loss(images, refs);
  const [value = Number.NaN] = await loss.data();
  dispose([loss, images]);
  return value;
}

describe.each(Object.entries(makers))("%s", (_, make) => {
  test("reaches every trainable variable with its gradient", () => {
    const encoder = tinyEncoder();
    const method = make(encoder);
    const { images, refs } = viewsOf(method, 8);
    const { grads } = variableGrads(() => method.loss(images, refs), encoder.trainableVariables());
    const largest = encoder.trainableVariables().map(({ name }) => grads[name]?.abs().max().dataSync()[0]);
    expect(largest.every((value) => value !== undefined && value > 0 && value < 1e3)).toBe(true);
    method.dispose();
    encoder.dispose();
  });

  test("tabulates the pairs of its loss without changing anything", async () => {
    const encoder = tinyEncoder();
    const method = make(encoder);
    await lossOf(method, 8);
    method.afterUpdate();
    const { images, refs } = viewsOf(method, 8, 8);
    const state = () => Promise.all(encoder.variables().map((variable) => variable.data()));
    const before = await state();
    const tensors = memory().numTensors;
    const table = method.pairTable(images, refs);
    const again = method.pairTable(images, refs);
    expect(await again.similarity.array()).toEqual(await table.similarity.array());
    expect(await state()).toEqual(before);
    const prediction = (await table.prediction?.array()) as number[][];
    const target = (await table.target?.array()) as number[][];
    let expected = 0;
    target.forEach((row, i) => {
      row.forEach((q, j) => {
        if (q > 0) expected -= (q * Math.log(prediction[i]?.[j] as number)) / target.length;
      });
    });
    for (const each of [table, again]) each.dispose();
    expect(memory().numTensors).toBe(tensors);
    const loss = method.loss(images, refs);
    expect((await loss.data())[0]).toBeCloseTo(expected, 4);
    dispose([loss, images]);
    method.dispose();
    encoder.dispose();
  });

  test("leaves no tensors behind", async () => {
    const start = memory().numTensors;
    const encoder = tinyEncoder();
    const method = make(encoder);
    await lossOf(method, 8);
    method.afterUpdate();
    const { images, refs } = viewsOf(method, 8);
    method.pairTable(images, refs).dispose();
    dispose(images);
    method.dispose();
    encoder.dispose();
    expect(memory().numTensors).toBe(start);
  });

  test("rejects views it cannot compare", () => {
    const encoder = tinyEncoder();
    const method = make(encoder);
    const { images, refs } = viewsOf(method, 4);
    expect(() => method.loss(images.slice(1), refs)).toThrow(`${method.name}: views must be two, got 1`);
    expect(() => method.loss(images, [refs[0] as [], []])).toThrow(
      `${method.name}: refs must have 4 entries for each of the two views, got 4 and 0`,
    );
    method.dispose();
    encoder.dispose();
  });
});

describe("simclr", () => {
  test("is NT-Xent of the embeddings of both views in one pass", async () => {
    const encoder = tinyEncoder();
    const method = simclr({ encoder, temperature: 0.2 });
    const { images, refs } = viewsOf(method, 6);
    const both = encoder.embed(concat(images, 0), { training: true });
    const expected = ntXent.ofViews(both.slice(0, 6), both.slice(6), { temperature: 0.2 }).dataSync()[0] as number;
    expect(method.loss(images, refs).dataSync()[0]).toBeCloseTo(expected, 5);
  });

  test("has every view as anchor and as candidate", () => {
    const encoder = tinyEncoder();
    const method = simclr({ encoder });
    const { images, refs } = viewsOf(method, 4, 20);
    const table = method.pairTable(images, refs);
    expect(table.anchors.map(({ item, view }) => [item, view])).toEqual([
      ...[20, 21, 22, 23].map((item) => [item, 0]),
      ...[20, 21, 22, 23].map((item) => [item, 1]),
    ]);
    expect(table.candidates).toEqual(table.anchors);
    expect(table.anchors[0]?.parameters).toHaveProperty("randomResizedCrop");
  });

  test("rejects a temperature of 0", () => {
    expect(() => simclr({ encoder: tinyEncoder(), temperature: 0 })).toThrow("simclr: temperature must be > 0, got 0");
  });
});

describe("teacher and queue", () => {
  test("the loss is the objective's of student query, teacher key and queue", async () => {
    const encoder = tinyEncoder();
    const options = { temperature: 0.3 };
    for (const method of [
      moco({ encoder, queueSize, seed: 4, ...options }),
      sce({ encoder, queueSize, seed: 4, ...options }),
    ]) {
      const { images, refs } = viewsOf(method, 6);
      const teacher = cloneEncoder(encoder);
      const [query, key] = [encoder, teacher].map((model, view) =>
        model.embed(images[view] as Tensor4D, { training: true, updateStatistics: false }),
      ) as [Tensor2D, Tensor2D];
      const { keys } = keyQueue({ size: queueSize, dimensions: 6, seed: 4 });
      const objective = method.name === "moco" ? infoNce : sceObjective;
      const expected = objective.ofQueue(query, key, keys, options).dataSync()[0] as number;
      expect(method.loss(images, refs).dataSync()[0], method.name).toBeCloseTo(expected, 5);
      method.dispose();
    }
  });

  test("the teacher follows the student by its momentum", () => {
    const still = tinyEncoder();
    const encoder = tinyEncoder();
    const method = moco({ encoder, queueSize, momentum: 0.75 });
    const { images, refs } = viewsOf(method, 4);
    for (const variable of encoder.trainableVariables()) variable.assign(variable.mul(-1.5));
    method.loss(images, refs);
    method.afterUpdate();
    // what the teacher has become: 3/4 of the start, 1/4 of -1.5 times the start
    for (const variable of still.trainableVariables()) variable.assign(variable.mul(0.75 - 1.5 / 4));
    const training = { training: true, updateStatistics: false };
    const [query, key] = [encoder, still].map((model, view) => model.embed(images[view] as Tensor4D, training));
    const expected = matMul(query as Tensor2D, key as Tensor2D, false, true).arraySync() as number[][];
    const found = method.pairTable(images, refs).similarity.slice([0, 0], [4, 4]).arraySync() as number[][];
    found.flat().forEach((value, at) => {
      expect(value).toBeCloseTo(expected.flat()[at] as number, 5);
    });
  });

  test("the table's candidates are the own keys, then the queue with its items, noise as item -1", async () => {
    const encoder = tinyEncoder();
    const method = sce({ encoder, queueSize: 6 });
    await lossOf(method, 4, 0);
    method.afterUpdate();
    const { images, refs } = viewsOf(method, 4, 30);
    const items = () => method.pairTable(images, refs).candidates.map(({ item }) => item);
    expect(items()).toEqual([30, 31, 32, 33, -1, -1, 0, 1, 2, 3]);
    await lossOf(method, 4, 10);
    method.afterUpdate();
    expect(items()).toEqual([30, 31, 32, 33, 2, 3, 10, 11, 12, 13]);
    const table = method.pairTable(images, refs);
    expect(table.candidates[0]?.view).toBe(1);
    expect(table.force?.shape).toEqual([4, 10]);
    expect(await table.pairs.negative.sum().data()).toEqual(new Float32Array([24]));
  });

  test("an update without a loss is an error", () => {
    const method = moco({ encoder: tinyEncoder(), queueSize });
    expect(() => method.afterUpdate()).toThrow("moco: afterUpdate must follow a loss");
  });

  test("each option has its bounds", () => {
    const encoder = tinyEncoder();
    expect(() => moco({ encoder, temperature: 0 })).toThrow("moco: temperature must be > 0, got 0");
    expect(() => moco({ encoder, queueSize: 0 })).toThrow("moco: queueSize must be an integer >= 1, got 0");
    expect(() => moco({ encoder, momentum: 2 })).toThrow("moco: momentum must be in [0, 1], got 2");
    expect(() => moco({ encoder, batchNormParts: 0 })).toThrow("moco: batchNormParts must be an integer >= 1, got 0");
    expect(() => sce({ encoder, temperature: 0 })).toThrow("sce: temperature must be > 0, got 0");
    expect(() => sce({ encoder, targetTemperature: 0 })).toThrow("sce: targetTemperature must be > 0, got 0");
    expect(() => sce({ encoder, instanceWeight: -1 })).toThrow("sce: instanceWeight must be in [0, 1], got -1");
  });

  test("records its options", () => {
    expect(sce({ encoder: tinyEncoder() }).options).toEqual({
      temperature: 0.1,
      targetTemperature: 0.05,
      instanceWeight: 0.5,
      selfInTarget: "masked",
      queueSize: 4096,
      momentum: 0.99,
      batchNormParts: 1,
      seed: 0,
    });
  });
});

describe("keyQueue", () => {
  test("keeps the newest keys, oldest first, and starts with unit noise", async () => {
    const queue = keyQueue({ size: 3, dimensions: 2, seed: 1 });
    const lengths = tidy(() => queue.keys.square().sum(1).dataSync());
    for (const length of lengths) expect(length).toBeCloseTo(1, 6);
    const ref = (item: number) => ({ item, view: 1, parameters: {} });
    queue.push(
      tensor2d([
        [1, 0],
        [2, 0],
      ]),
      [ref(1), ref(2)],
    );
    expect((await queue.keys.array()).slice(1)).toEqual([
      [1, 0],
      [2, 0],
    ]);
    queue.push(
      tensor2d([
        [3, 0],
        [4, 0],
        [5, 0],
        [6, 0],
      ]),
      [3, 4, 5, 6].map(ref),
    );
    expect(await queue.keys.array()).toEqual([
      [4, 0],
      [5, 0],
      [6, 0],
    ]);
    expect(queue.refs.map(({ item }) => item)).toEqual([4, 5, 6]);
    queue.dispose();
  });
});

describe("embedInParts", () => {
  test("normalizes each part by its own statistics and keeps the order of the images", () => {
    const encoder = tinyEncoder();
    const { images } = viewsOf(simclr({ encoder }), 6);
    const [view] = images as [Tensor4D];
    const training = { training: true, updateStatistics: false };
    const order = Int32Array.from([3, 1, 5, 0, 4, 2]);
    const found = embedInParts(encoder, view, { count: 2, order }, training).arraySync();
    const part = [3, 1, 5];
    const alone = encoder.embed(gather(view, part), training).arraySync();
    part.forEach((image, at) => {
      alone[at]?.forEach((value, k) => {
        expect(found[image]?.[k]).toBeCloseTo(value, 5);
      });
    });
    expect(() => embedInParts(encoder, view, { count: 4 }, training)).toThrow(
      "embedInParts: a batch must have >= 8 images for 4 parts, got 6",
    );
  });
});

test("a clone has the same weights and variables of its own", () => {
  const encoder = tinyEncoder(7);
  const clone = cloneEncoder(encoder);
  const [view] = viewsOf(simclr({ encoder }), 3).images as [Tensor4D];
  expect(clone.embed(view).arraySync()).toEqual(encoder.embed(view).arraySync());
  const [first] = encoder.trainableVariables();
  first?.assign(first.add(1));
  expect(clone.embed(view).arraySync()).not.toEqual(encoder.embed(view).arraySync());
});
