import { expect, test } from "vitest";
import { grads, type Tensor, type Tensor2D, tensor2d } from "../../src/engine/tensor.js";
import { infoNce, pairForce, queuePairs } from "../../src/objectives/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { dot, embeddings, product, python, relativeError, rows } from "./fixture.js";

useTestEngine();

test.each([
  [0.2, 0.520911702],
  [0.1, 0.414159217],
])("has its golden value at temperature %f", async (temperature, golden) => {
  const { z1, z2, queue } = embeddings();
  const [loss = Number.NaN] = await infoNce.ofQueue(z1, z2, queue, { temperature }).data();
  expect(relativeError(loss, golden)).toBeLessThan(1e-6);
});

test("equals Eq. 1 of MoCo written as loops, on embeddings and on pairs", async () => {
  let expected = 0;
  rows.z1.forEach((query, i) => {
    const own = Math.exp(dot(query, rows.z2[i] as number[]) / 0.2);
    const others = rows.queue.reduce((sum, key) => sum + Math.exp(dot(query, key) / 0.2), 0);
    expected -= Math.log(own / (own + others)) / 4;
  });
  const { z1, z2, queue } = embeddings();
  const onEmbeddings = infoNce.ofQueue(z1, z2, queue);
  const onPairs = infoNce(tensor2d(product(rows.z1, [...rows.z2, ...rows.queue])), queuePairs(4, 5));
  expect(relativeError((await onEmbeddings.data())[0] as number, expected)).toBeLessThan(1e-6);
  expect(relativeError((await onPairs.data())[0] as number, expected)).toBeLessThan(1e-6);
});

test("is the log of the number of keys when all coincide", async () => {
  const same = (n: number) => tensor2d(Array.from({ length: n }, () => [0.6, 0.8]));
  const [loss] = await infoNce.ofQueue(same(3), same(3), same(9)).data();
  expect(loss).toBeCloseTo(Math.log(10), 6);
});

test("has PyTorch's value and gradient, by MoCo's formulation", async () => {
  const reference = python<{ loss: number; gradient: number[][] }>(
    `
import json, sys, torch
rows = json.load(sys.stdin)
q = torch.tensor(rows["z1"], dtype=torch.float64, requires_grad=True)
k = torch.tensor(rows["z2"], dtype=torch.float64)
queue = torch.tensor(rows["queue"], dtype=torch.float64).T
l_pos = torch.einsum("nc,nc->n", [q, k]).unsqueeze(-1)
l_neg = torch.einsum("nc,ck->nk", [q, queue])
logits = torch.cat([l_pos, l_neg], dim=1) / 0.15
loss = torch.nn.CrossEntropyLoss()(logits, torch.zeros(len(q), dtype=torch.long))
loss.backward()
print(json.dumps({"loss": loss.item(), "gradient": q.grad.tolist()}))`,
    rows,
  );
  const { z1, z2, queue } = embeddings();
  const [loss = Number.NaN] = await infoNce.ofQueue(z1, z2, queue, { temperature: 0.15 }).data();
  expect(relativeError(loss, reference.loss)).toBeLessThan(1e-6);
  const [forQuery, forKey, forQueue] = grads((q: Tensor, k: Tensor, all: Tensor) =>
    infoNce.ofQueue(q as Tensor2D, k as Tensor2D, all as Tensor2D, { temperature: 0.15 }),
  )([z1, z2, queue]);
  expect(forQuery?.sub(tensor2d(reference.gradient)).abs().max().dataSync()[0]).toBeLessThan(1e-6);
  expect(forKey?.abs().max().dataSync()[0]).toBe(0);
  expect(forQueue?.abs().max().dataSync()[0]).toBe(0);
});

test("repels the last queue entry from the first anchor with 0.010", async () => {
  const similarity = tensor2d(product(rows.z1, [...rows.z2, ...rows.queue]));
  const force = pairForce((s) => infoNce(s, queuePairs(4, 5), { temperature: 0.1 }), similarity);
  const [first = []] = await force.array();
  expect(first[8]).toBeCloseTo(0.00103259 / 0.1, 5);
  expect(first.slice(1, 4)).toEqual([0, 0, 0]);
});

test("gives its description as a target and a prediction whose rows sum to 1", async () => {
  const similarity = tensor2d(product(rows.z1, [...rows.z2, ...rows.queue]));
  const { target, prediction } = infoNce.describe(similarity, queuePairs(4, 5), { temperature: 0.1 });
  for (const matrix of [target, prediction]) expect(matrix.sum(1).sub(1).abs().max().dataSync()[0]).toBeLessThan(1e-6);
  const [row = []] = await prediction.array();
  expect(row[0]).toBeCloseTo(0.9765811, 6);
});

test("rejects what cannot be compared", () => {
  const { z1, z2, queue } = embeddings();
  expect(() => infoNce.ofQueue(z1, z2, queue, { temperature: -1 })).toThrow(
    "infoNce.ofQueue: temperature must be > 0, got -1",
  );
  expect(() => infoNce.ofQueue(z1, queue, queue)).toThrow(
    "infoNce.ofQueue: query and key must have one shape, got [4, 4] and [5, 4]",
  );
  expect(() => infoNce.ofQueue(z1, z2, tensor2d([[1, 0]]))).toThrow(
    "infoNce.ofQueue: queue must have 4 columns like query, got 2",
  );
  expect(() => infoNce(z1, queuePairs(4, 5))).toThrow(
    "infoNce: similarity and pairs must have one shape, got [4, 4] and [4, 9]",
  );
  expect(() => infoNce(z1, queuePairs(4, 0))).toThrow("queuePairs: queueSize must be an integer >= 1, got 0");
});
