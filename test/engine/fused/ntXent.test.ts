import { beforeAll, describe, expect, test } from "vitest";
import { NtXent, ntXentKernel } from "../../../src/engine/fused/index.js";
import { NtXentGrad } from "../../../src/engine/fused/kernelNames.js";
import { engine } from "../../../src/engine/index.js";
import { concat, type Tensor, type Tensor2D, tensor2d, valueAndGrads } from "../../../src/engine/tensor.js";
import { ntXent } from "../../../src/objectives/index.js";
import { fixture, python } from "../../objectives/fixture.js";
import { expectNear } from "./differences.js";
import { withoutKernels } from "./withoutKernels.js";

interface Case {
  readonly n: number;
  readonly d: number;
  readonly temperature: number;
  /** Length of the rows. */
  readonly length: number;
}

/** Panels of rows and chunks of columns, whole and in part; logits that leave float32's exponent, and tiny ones. */
const cases: readonly Case[] = [
  { n: 1, d: 3, temperature: 0.5, length: 1 },
  { n: 2, d: 1, temperature: 0.5, length: 1 },
  { n: 5, d: 7, temperature: 0.1, length: 1 },
  { n: 128, d: 16, temperature: 0.5, length: 1 },
  { n: 129, d: 5, temperature: 0.07, length: 1 },
  { n: 171, d: 9, temperature: 50, length: 1 },
  { n: 700, d: 17, temperature: 0.2, length: 1 },
  { n: 150, d: 8, temperature: 0.004, length: 1 },
  { n: 40, d: 6, temperature: 0.5, length: 30 },
  { n: 40, d: 6, temperature: 0.5, length: 1e-3 },
];

function views({ n, d, length }: Case): [number[][], number[][]] {
  const scaled = (rows: number[][]) => rows.map((row) => row.map((value) => Math.fround(value * length)));
  return [scaled(fixture(n, 0.9, 1, 0, d)), scaled(fixture(n, 0.9, 1, 0.4, d))];
}

/** Losses and gradients of all cases, in double precision. */
function inPyTorch(): { loss: number; gradients: [number[], number[]] }[] {
  return python(
    `
import json, sys, torch
import torch.nn.functional as F
answer = []
for case in json.load(sys.stdin):
    a, b = (torch.tensor(rows, dtype=torch.float64, requires_grad=True) for rows in case["views"])
    n = len(a)
    z = torch.cat([a, b])
    logits = (z @ z.T / case["temperature"]).masked_fill(torch.eye(2 * n, dtype=torch.bool), float("-inf"))
    loss = F.cross_entropy(logits, (torch.arange(2 * n) + n) % (2 * n))
    loss.backward()
    answer.append({"loss": loss.item(), "gradients": [a.grad.flatten().tolist(), b.grad.flatten().tolist()]})
print(json.dumps(answer))`,
    cases.map((given) => ({ views: views(given), temperature: given.temperature })),
  );
}

const run = (z1: Tensor, z2: Tensor, temperature: number) =>
  valueAndGrads((a: Tensor, b: Tensor) => ntXent.ofViews(a as Tensor2D, b as Tensor2D, { temperature }))([z1, z2]);

describe.each(["torch", "wasm"])("NT-Xent of views on %s", (name) => {
  beforeAll(async () => {
    await engine.use(name);
  });

  test("has PyTorch's value and gradient", () => {
    const golden = inPyTorch();
    for (const [index, given] of cases.entries()) {
      const [z1, z2] = views(given).map((rows) => tensor2d(rows)) as [Tensor2D, Tensor2D];
      const { value, grads } = run(z1, z2, given.temperature);
      const { loss, gradients } = golden[index] as (typeof golden)[number];
      // logits are rounded to float32: the exponentials, and with them the gradient, are off by as much
      const rounding = 1e-6 + (2e-7 * given.length ** 2) / given.temperature;
      expect(Math.abs((value.dataSync()[0] as number) - loss), JSON.stringify(given)).toBeLessThan(
        rounding * (1 + loss),
      );
      const unit = given.length / (given.temperature * 2 * given.n); // a row's slope; it is less where forces cancel
      for (const [view, gradient] of grads.entries()) {
        expectNear(gradient, gradients[view] as number[], 10 * rounding, unit);
      }
    }
  });

  test("of one item is 0, with no slope", () => {
    const { value, grads } = run(tensor2d([[0.6, 0.8]]), tensor2d([[1, 0]]), 0.5);
    expect(value.dataSync()[0]).toBeCloseTo(0, 6);
    for (const gradient of grads) expect(Math.max(...gradient.abs().dataSync())).toBeLessThan(1e-6);
  });

  test("lets NaN through", () => {
    const broken = tensor2d([
      [0.6, Number.NaN],
      [1, 0],
    ]);
    expect(run(broken, tensor2d(fixture(2, 1, 1, 0, 2)), 0.5).value.dataSync()[0]).toBeNaN();
  });
});

describe("NT-Xent as a kernel", () => {
  beforeAll(async () => {
    await engine.use("torch");
  });

  test("equals the composed form", () => {
    const [z1, z2] = views({ n: 300, d: 12, temperature: 0.1, length: 1 }).map((rows) => tensor2d(rows)) as Tensor2D[];
    const fused = run(z1 as Tensor, z2 as Tensor, 0.1);
    const composed = withoutKernels([NtXent, NtXentGrad], () => run(z1 as Tensor, z2 as Tensor, 0.1));
    expectNear(fused.value, composed.value.dataSync(), 1e-6);
    for (const [view, gradient] of fused.grads.entries()) {
      expectNear(gradient, (composed.grads[view] as Tensor).dataSync(), 1e-5);
    }
  });

  test("has the slope of finite differences, times what comes from above", () => {
    const rows = [...fixture(6, 0.9, 1, 0, 5), ...fixture(6, 0.9, 1, 0.4, 5)];
    const { grads } = valueAndGrads((z: Tensor) => ntXentKernel(z as Tensor2D, 0.5).mul(3))([tensor2d(rows)]);
    const slopes = grads[0]?.dataSync() as Float32Array;
    const lossWith = (row: number, column: number, by: number) => {
      const moved = rows.map((values, i) => values.map((value, k) => (i === row && k === column ? value + by : value)));
      return ntXentKernel(tensor2d(moved), 0.5).dataSync()[0] as number;
    };
    for (const [row, column] of [
      [0, 0],
      [3, 4],
      [7, 2],
      [11, 1],
    ] as const) {
      const difference = (3 * (lossWith(row, column, 0.01) - lossWith(row, column, -0.01))) / 0.02;
      expect(slopes[row * 5 + column]).toBeCloseTo(difference, 3);
    }
  });

  test("wants an even number of rows", () => {
    const odd = concat([tensor2d(fixture(3, 1, 1, 0))]);
    expect(() => ntXentKernel(odd as Tensor2D, 0.5)).toThrow("NtXent: z must have an even number of rows, got [3, 4]");
  });
});
