import { expect, test } from "vitest";
import { grads, type Tensor, type Tensor2D, tensor2d } from "../../src/engine/tensor.js";
import {
  batchPairs,
  infoNce,
  pairForce,
  queuePairs,
  type SceTargetOptions,
  sce,
  type TargetPairs,
} from "../../src/objectives/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { embeddings, product, python, relativeError, rows } from "./fixture.js";

useTestEngine();

/** The queue's pairs with the target the teacher gives them. */
function taught(options: SceTargetOptions = {}): { similarity: Tensor2D; pairs: TargetPairs } {
  const candidates = [...rows.z2, ...rows.queue];
  const pairs = queuePairs(4, 5);
  const target = sce.target(tensor2d(product(rows.z2, candidates)), pairs, options);
  return { similarity: tensor2d(product(rows.z1, candidates)), pairs: { ...pairs, target } };
}

test.each([
  [{}, 1.855061882],
  [{ selfInTarget: "zeroLogit" } as const, 1.854914379],
  [{ instanceWeight: 1 }, 0.414159217],
  [{ instanceWeight: 0 }, 3.295964546],
])("has its golden value with %o, on embeddings and on pairs", async (options, golden) => {
  const { z1, z2, queue } = embeddings();
  const [onEmbeddings = Number.NaN] = await sce.ofQueue(z1, z2, queue, options).data();
  expect(relativeError(onEmbeddings, golden)).toBeLessThan(1e-6);
  const { similarity, pairs } = taught(options);
  const [onPairs = Number.NaN] = await sce(similarity, pairs).data();
  expect(relativeError(onPairs, golden)).toBeLessThan(1e-6);
});

test("has its golden value when the candidates are the keys of the batch", async () => {
  const pairs = batchPairs(4);
  const target = sce.target(tensor2d(product(rows.z2, rows.z2)), pairs);
  const [loss = Number.NaN] = await sce(tensor2d(product(rows.z1, rows.z2)), { ...pairs, target }).data();
  expect(relativeError(loss, 4.222046514)).toBeLessThan(1e-6);
});

test("has its golden target and prediction rows", async () => {
  const { similarity, pairs } = taught();
  const { target, prediction } = sce.describe(similarity, pairs);
  const ofAnchor0 = (matrix: number[][]) => (matrix[0] as number[]).filter((_, j) => j === 0 || j >= 4);
  const near = (found: number[], golden: number[]) => {
    found.forEach((value, j) => {
      expect(Math.abs(value - (golden[j] as number))).toBeLessThan(2e-7);
    });
  };
  near(ofAnchor0(await target.array()), [0.5, 0.00019893, 0.0, 0.00001472, 0.00192798, 0.49785838]);
  near(ofAnchor0(await prediction.array()), [0.9765811, 0.003563, 0.00000008, 0.00000564, 0.01881759, 0.00103259]);
});

test("attracts the last queue entry with -4.968 where InfoNCE repels it", async () => {
  const { similarity, pairs } = taught();
  const soft = (await pairForce((s) => sce(s, pairs), similarity).array())[0]?.[8];
  const hard = (await pairForce((s) => infoNce(s, pairs, { temperature: 0.1 }), similarity).array())[0]?.[8];
  expect(soft).toBeCloseTo(-4.968, 3);
  expect(hard).toBeCloseTo(0.01, 3);
});

test("is a mixture of InfoNCE and the relations alone, in loss and in force", async () => {
  const value = (instanceWeight: number) => {
    const { similarity, pairs } = taught({ instanceWeight });
    return pairForce((s) => sce(s, pairs), similarity);
  };
  const mixed = value(0).mul(0.7).add(value(1).mul(0.3));
  expect(value(0.3).sub(mixed).abs().max().dataSync()[0]).toBeLessThan(1e-5);
  expect(value(0.3).sum(1).abs().max().dataSync()[0]).toBeLessThan(1e-5);
});

test("has the gradient of finite differences", async () => {
  const { z2, queue } = embeddings();
  const lossAt = (query: Tensor2D) => sce.ofQueue(query, z2, queue, { temperature: 0.5, targetTemperature: 0.2 });
  const slope = (await (
    grads((q: Tensor) => lossAt(q as Tensor2D))([tensor2d(rows.z1)])[0] as Tensor
  ).array()) as number[][];
  for (const [i, k] of [
    [0, 0],
    [1, 3],
    [3, 2],
  ] as const) {
    const moved = (by: number) =>
      lossAt(
        tensor2d(rows.z1.map((row, a) => row.map((v, d) => (a === i && d === k ? v + by : v)))),
      ).dataSync()[0] as number;
    expect(slope[i]?.[k]).toBeCloseTo((moved(1e-2) - moved(-1e-2)) / 2e-2, 3);
  }
});

test("has PyTorch's value and gradient, by the authors' formulation", async () => {
  const reference = python<{ loss: number; gradient: number[][] }>(
    `
import json, sys, torch
import torch.nn.functional as F
rows = json.load(sys.stdin)
q = torch.tensor(rows["z1"], dtype=torch.float64, requires_grad=True)
k = torch.tensor(rows["z2"], dtype=torch.float64)
queue = torch.tensor(rows["queue"], dtype=torch.float64).T
n, coeff = len(q), 0.4
sim_q = torch.cat([torch.einsum("nc,nc->n", q, k).unsqueeze(1), q @ queue], 1) / 0.2
sim_k = torch.cat([torch.zeros(n, 1, dtype=torch.float64), k @ queue], 1) / 0.07
w = coeff * F.one_hot(torch.zeros(n, dtype=torch.long), sim_q.shape[1]) + (1 - coeff) * F.softmax(sim_k, 1)
w = F.normalize(w, p=1, dim=1)
loss = -(w * F.log_softmax(sim_q, 1)).sum(1).mean()
loss.backward()
print(json.dumps({"loss": loss.item(), "gradient": q.grad.tolist()}))`,
    rows,
  );
  const options = {
    temperature: 0.2,
    targetTemperature: 0.07,
    instanceWeight: 0.4,
    selfInTarget: "zeroLogit",
  } as const;
  const { z1, z2, queue } = embeddings();
  const [loss = Number.NaN] = await sce.ofQueue(z1, z2, queue, options).data();
  expect(relativeError(loss, reference.loss)).toBeLessThan(1e-6);
  const [forQuery, forKey, forQueue] = grads((q: Tensor, k: Tensor, all: Tensor) =>
    sce.ofQueue(q as Tensor2D, k as Tensor2D, all as Tensor2D, options),
  )([z1, z2, queue]);
  expect(forQuery?.sub(tensor2d(reference.gradient)).abs().max().dataSync()[0]).toBeLessThan(1e-6);
  expect(forKey?.abs().max().dataSync()[0]).toBe(0);
  expect(forQueue?.abs().max().dataSync()[0]).toBe(0);
});

test("rejects options out of range", () => {
  const { z1, z2, queue } = embeddings();
  const call = (options: object) => () => sce.ofQueue(z1, z2, queue, options);
  expect(call({ temperature: 0 })).toThrow("sce.ofQueue: temperature must be > 0, got 0");
  expect(call({ targetTemperature: 0 })).toThrow("sce.ofQueue: targetTemperature must be > 0, got 0");
  expect(call({ instanceWeight: 2 })).toThrow("sce.ofQueue: instanceWeight must be in [0, 1], got 2");
  expect(call({ selfInTarget: "half" })).toThrow(
    'sce.ofQueue: selfInTarget must be one of "masked", "zeroLogit", got "half"',
  );
  expect(() => sce.target(z1, queuePairs(4, 5))).toThrow(
    "sce.target: teacherSimilarity and pairs must have one shape, got [4, 4] and [4, 9]",
  );
  const { similarity, pairs } = taught();
  expect(() => sce(similarity, { ...pairs, target: z1 })).toThrow(
    "sce: similarity and target must have one shape, got [4, 9] and [4, 4]",
  );
});
