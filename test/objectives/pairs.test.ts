import { expect, test } from "vitest";
import { eye, grad, memory, type Tensor2D, tensor2d, tidy } from "../../src/engine/tensor.js";
import {
  batchPairs,
  cosineSimilarity,
  ntXent,
  pairTable,
  queuePairs,
  stopGradient,
  viewPairs,
} from "../../src/objectives/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { rows } from "./fixture.js";

useTestEngine();

const ref = (item: number) => ({ item, view: 0, parameters: {} });

test("view pairs", async () => {
  const { positive, negative } = viewPairs(2);
  expect(await positive.array()).toEqual([
    [0, 0, 1, 0],
    [0, 0, 0, 1],
    [1, 0, 0, 0],
    [0, 1, 0, 0],
  ]);
  expect(await negative.array()).toEqual([
    [0, 1, 0, 1],
    [1, 0, 1, 0],
    [0, 1, 0, 1],
    [1, 0, 1, 0],
  ]);
  expect(() => viewPairs(0)).toThrow("viewPairs: n must be an integer >= 1, got 0");
});

test("queue pairs", async () => {
  const { positive, negative } = queuePairs(2, 3);
  expect(await positive.array()).toEqual([
    [1, 0, 0, 0, 0],
    [0, 1, 0, 0, 0],
  ]);
  expect(await negative.array()).toEqual([
    [0, 0, 1, 1, 1],
    [0, 0, 1, 1, 1],
  ]);
  expect(() => queuePairs(1.5, 3)).toThrow("queuePairs: n must be an integer >= 1, got 1.5");
});

test("batch pairs", async () => {
  const { positive, negative } = batchPairs(2);
  expect(await positive.array()).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(await negative.array()).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(() => batchPairs(1)).toThrow("batchPairs: n must be an integer >= 2, got 1");
});

test("cosine similarity is blind to length", async () => {
  const similarity = cosineSimilarity(
    tensor2d([
      [3, 0],
      [0, 2],
    ]),
    tensor2d([
      [1, 1],
      [0, 5],
      [-1, 0],
    ]),
  );
  const [first = [], second = []] = await similarity.array();
  expect(first).toEqual([expect.closeTo(Math.SQRT1_2, 6), 0, -1]);
  expect(second).toEqual([expect.closeTo(Math.SQRT1_2, 6), 1, 0]);
  expect(() => cosineSimilarity(eye(2) as Tensor2D, eye(3) as Tensor2D)).toThrow(
    "cosineSimilarity: candidates must have 2 columns like anchors, got 3",
  );
});

test("no gradient passes a stopped value", async () => {
  const slope = grad((x) => stopGradient(x).mul(x).sum())(tensor2d([[3, 4]]));
  expect(await slope.array()).toEqual([[3, 4]]);
});

test("a pair table holds what the objective says and lets go of it all", async () => {
  const before = memory().numTensors;
  const refs = [0, 1, 2, 3, 0, 1, 2, 3].map(ref);
  const views = tensor2d([...rows.z1, ...rows.z2]);
  const pairs = viewPairs(4);
  const table = pairTable({
    anchors: refs,
    candidates: refs,
    pairs,
    similarity: cosineSimilarity(views),
    objective: (s) => ntXent(s, pairs),
    describe: (s) => ntXent.describe(s, pairs),
  });
  views.dispose();
  expect(table.force?.shape).toEqual([8, 8]);
  const worst = tidy(() => table.prediction?.sum(1).sub(1).abs().max().dataSync()[0]);
  expect(worst).toBeLessThan(1e-6);
  expect(table.candidates[5]?.item).toBe(1);
  table.dispose();
  expect(memory().numTensors).toBe(before);
});

test("an objective without pairs has a table without forces", () => {
  const table = pairTable({
    anchors: [ref(1)],
    candidates: [ref(1)],
    pairs: viewPairs(1),
    similarity: eye(1) as Tensor2D,
  });
  expect(table).not.toHaveProperty("force");
  expect(table).not.toHaveProperty("target");
  table.dispose();
});

test("a pair table needs a name for every row and column", () => {
  const parts = {
    anchors: [ref(1)],
    candidates: [ref(1), ref(2)],
    pairs: viewPairs(1),
    similarity: eye(2) as Tensor2D,
  };
  expect(() => pairTable(parts)).toThrow(
    "pairTable: similarity must be [1, 2] for 1 anchors and 2 candidates, got [2, 2]",
  );
});
