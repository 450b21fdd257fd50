import { beforeAll, describe, expect, test } from "vitest";
import { batchNormTraining } from "../../../src/engine/fused/index.js";
import { grads, memory, randomNormal, type Tensor, type Tensor1D, tensor, tidy } from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/wasm/index.js";
import { python } from "./torchReference.js";

beforeAll(async () => {
  await start();
});

const torch = `
import torch, torch.nn.functional as F
answer = []
for case in given:
    x, s, o = (torch.tensor(case[k], dtype=torch.float64).requires_grad_() for k in ("x", "scale", "offset"))
    flat = x.reshape(-1, x.shape[-1])
    y = F.batch_norm(flat, None, None, s, o, training=True, eps=1e-3)
    (y * torch.tensor(case["weight"], dtype=torch.float64).reshape(y.shape)).sum().backward()
    answer.append([t.detach().flatten().tolist() for t in (
        y, flat.mean(0), flat.var(0, unbiased=False), x.grad, s.grad, o.grad)])
`;

describe("batchNormTraining, composed", () => {
  test("value, statistics and gradients equal PyTorch's", async () => {
    const runs = [
      [6, 4, 5, 3],
      [16, 7],
      [9, 1],
    ].map(run);
    const expected = python<number[][][]>(
      torch,
      runs.map(({ given }) => given),
    );
    for (const [index, { results }] of runs.entries()) {
      for (const [position, result] of results.entries()) {
        const wanted = expected[index]?.[position] as number[];
        const actual = await result.data();
        expect(actual.length).toBe(wanted.length);
        for (const [place, value] of wanted.entries()) expect(actual[place]).toBeCloseTo(value, 3);
      }
    }
  });

  test("is exact for a mean far from zero and leaks nothing", () => {
    const before = memory().numTensors;
    const x = tensor([10000, 10001, 10002, 10003], [4, 1]);
    const { y, mean, variance } = batchNormTraining(x, tensor([1]) as Tensor1D, tensor([0]) as Tensor1D, {
      epsilon: 0,
    });
    expect(mean.dataSync()[0]).toBeCloseTo(10001.5, 2);
    expect(variance.dataSync()[0]).toBeCloseTo(1.25, 4);
    expect(y.dataSync()[0]).toBeCloseTo(-1.5 / Math.sqrt(1.25), 2);
    expect(memory().numTensors).toBe(before + 6);
  });
});

function run(shape: number[]) {
  const channels = shape.at(-1) as number;
  const x = tidy(() => randomNormal(shape, 0, 1, "float32", 4).mul(3).add(2));
  const scale = randomNormal([channels], 1, 0.3, "float32", 5) as Tensor1D;
  const offset = randomNormal([channels], 0, 1, "float32", 6) as Tensor1D;
  const weight = randomNormal(shape, 0, 1, "float32", 7);
  const { y, mean, variance } = batchNormTraining(x, scale, offset, { epsilon: 1e-3 });
  const before = memory().numTensors;
  const gradients = grads((a: Tensor, b: Tensor, c: Tensor) =>
    batchNormTraining(a, b as Tensor1D, c as Tensor1D, { epsilon: 1e-3 })
      .y.mul(weight)
      .sum(),
  )([x, scale, offset]);
  expect(memory().numTensors).toBe(before + 3);
  const given = { x: x.arraySync(), scale: scale.arraySync(), offset: offset.arraySync(), weight: weight.arraySync() };
  return { given, results: [y, mean, variance, ...gradients] };
}
