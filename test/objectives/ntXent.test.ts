import { describe, expect, test } from "vitest";
import { eye, grads, type Tensor, type Tensor2D, tensor2d } from "../../src/engine/tensor.js";
import { batchPairs, infoNce, ntXent, pairForce, viewPairs } from "../../src/objectives/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { embeddings, product, python, relativeError, rows, softmaxRows } from "./fixture.js";

useTestEngine();

const views = [...rows.z1, ...rows.z2];

describe("ntXent", () => {
  test.each([
    [0.5, 0.620938487],
    // the logarithm of 1.006 in float32 leaves an absolute error of 1e-7
    [0.1, 0.006020324],
  ])("has its golden value at temperature %f", async (temperature, golden) => {
    const { z1, z2 } = embeddings();
    const [loss = Number.NaN] = await ntXent.ofViews(z1, z2, { temperature }).data();
    expect(Math.abs(loss - golden)).toBeLessThan(Math.max(1e-6 * golden, 1.5e-7));
  });

  test("has temperature 0.5 by default", async () => {
    const { z1, z2 } = embeddings();
    const [loss = Number.NaN] = await ntXent.ofViews(z1, z2).data();
    expect(relativeError(loss, 0.620938487)).toBeLessThan(1e-6);
  });

  test("equals Eq. 1 written as loops", async () => {
    const similarity = product(views, views);
    let expected = 0;
    similarity.forEach((row, anchor) => {
      const weights = row.map((cosine) => Math.exp(cosine / 0.2));
      const others = weights.reduce((sum, weight, k) => (k === anchor ? sum : sum + weight), 0);
      expected -= Math.log((weights[(anchor + 4) % 8] as number) / others) / 8;
    });
    const [loss = Number.NaN] = await ntXent(tensor2d(similarity), viewPairs(4), { temperature: 0.2 }).data();
    expect(relativeError(loss, expected)).toBeLessThan(1e-6);
  });

  test("is the log of the number of choices when all views coincide", async () => {
    const same = tensor2d(Array.from({ length: 6 }, () => [0.6, 0.8]));
    const [loss = Number.NaN] = await ntXent.ofViews(same, same).data();
    expect(loss).toBeCloseTo(Math.log(11), 6);
  });

  test("describes one-hot targets and the softmax of all other views", async () => {
    const similarity = product(views, views);
    const { target, prediction } = ntXent.describe(tensor2d(similarity), viewPairs(4), { temperature: 0.2 });
    const expected = softmaxRows(
      similarity.map((row) => row.map((cosine) => cosine / 0.2)),
      (i, j) => i !== j,
    );
    const found = (await prediction.array()) as number[][];
    expected.forEach((row, i) => {
      row.forEach((p, j) => {
        expect(found[i]?.[j]).toBeCloseTo(p, 6);
      });
    });
    expect(await target.array()).toEqual(views.map((_, i) => views.map((_, j) => (j === (i + 4) % 8 ? 1 : 0))));
  });

  test("has PyTorch's value and gradient, by the authors' formulation", async () => {
    const reference = python<{ loss: number; gradients: number[][][] }>(
      `
import json, sys, torch
import torch.nn.functional as F
rows = json.load(sys.stdin)
a, b = (torch.tensor(rows[name], dtype=torch.float64, requires_grad=True) for name in ("z1", "z2"))
n = len(a)
mask = torch.eye(n, dtype=torch.float64) * 1e9
aa, bb, ab, ba = a @ a.T / .3 - mask, b @ b.T / .3 - mask, a @ b.T / .3, b @ a.T / .3
labels = torch.arange(n)
loss = (F.cross_entropy(torch.cat([ab, aa], 1), labels) + F.cross_entropy(torch.cat([ba, bb], 1), labels)) / 2
loss.backward()
print(json.dumps({"loss": loss.item(), "gradients": [a.grad.tolist(), b.grad.tolist()]}))`,
      rows,
    );
    const { z1, z2 } = embeddings();
    const [loss = Number.NaN] = await ntXent.ofViews(z1, z2, { temperature: 0.3 }).data();
    expect(relativeError(loss, reference.loss)).toBeLessThan(1e-6);
    const slopes = grads((a: Tensor, b: Tensor) => ntXent.ofViews(a as Tensor2D, b as Tensor2D, { temperature: 0.3 }))([
      z1,
      z2,
    ]);
    slopes.forEach((slope, view) => {
      const expected = tensor2d(reference.gradients[view] as number[][]);
      expect(slope.sub(expected).abs().max().dataSync()[0]).toBeLessThan(1e-6);
    });
  });

  test("rejects a temperature of 0", () => {
    const call = () => ntXent(eye(2) as Tensor2D, viewPairs(1), { temperature: 0 });
    expect(call).toThrow("ntXent: temperature must be > 0, got 0");
  });

  test("rejects masks of another shape", () => {
    const call = () => ntXent(eye(2) as Tensor2D, viewPairs(2));
    expect(call).toThrow("ntXent: similarity and pairs must have one shape, got [2, 2] and [4, 4]");
  });

  test("rejects views of different shapes", () => {
    const { z1, queue } = embeddings();
    const call = () => ntXent.ofViews(z1, queue);
    expect(call).toThrow("ntXent.ofViews: z1 and z2 must have one shape, got [4, 4] and [5, 4]");
  });
});

describe("pairForce", () => {
  test("equals finite differences of the loss, times the anchors", async () => {
    const similarity = product(views, views);
    const temperature = 0.5;
    const force = await pairForce((s) => ntXent(s, viewPairs(4), { temperature }), tensor2d(similarity)).array();
    const lossOf = (matrix: number[][]) => {
      const logits = matrix.map((row) => row.map((cosine) => cosine / temperature));
      const p = softmaxRows(logits, (i, j) => i !== j);
      return -p.reduce((sum, row, i) => sum + Math.log(row[(i + 4) % 8] as number), 0) / 8;
    };
    for (const [i, j] of [
      [0, 1],
      [2, 6],
      [5, 5],
      [7, 0],
    ] as const) {
      const moved = (by: number) =>
        lossOf(similarity.map((row, a) => row.map((cosine, c) => (a === i && c === j ? cosine + by : cosine))));
      expect(force[i]?.[j]).toBeCloseTo((8 * (moved(1e-5) - moved(-1e-5))) / 2e-5, 5);
    }
  });

  test("is (prediction − target) / temperature, and the forces of an anchor add up to 0", async () => {
    const similarity = tensor2d(product(views, views));
    const pairs = viewPairs(4);
    const force = pairForce((s) => ntXent(s, pairs, { temperature: 0.2 }), similarity);
    const { target, prediction } = ntXent.describe(similarity, pairs, { temperature: 0.2 });
    expect(force.sub(prediction.sub(target).div(0.2)).abs().max().dataSync()[0]).toBeLessThan(1e-5);
    expect(force.sum(1).abs().max().dataSync()[0]).toBeLessThan(1e-5);
  });

  test("needs nothing but a differentiable function", async () => {
    const force = pairForce((s) => s.square().sum(), tensor2d([[1, 2]]));
    expect(await force.array()).toEqual([[2, 4]]);
  });
});

test("batch pairs make the cross-view InfoNCE", async () => {
  const similarity = tensor2d(product(rows.z1, rows.z2));
  const [loss = Number.NaN] = await infoNce(similarity, batchPairs(4), { temperature: 0.5 }).data();
  const back = infoNce(similarity.transpose(), batchPairs(4), { temperature: 0.5 }).dataSync()[0] as number;
  expect(relativeError((loss + back) / 2, 0.347059521)).toBeLessThan(1e-6);
});
