import { beforeAll, describe, expect, test } from "vitest";
import {
  conv2d,
  grads,
  memory,
  mul,
  randomNormal,
  type Tensor,
  type Tensor4D,
  tensor,
  tidy,
} from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/wasm/index.js";
import { python } from "./torchReference.js";

beforeAll(async () => {
  await start();
});

type Padding = "same" | "valid" | number;
const cases: {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  stride: number;
  pad: Padding;
}[] = [
  { x: [2, 8, 8, 3], filter: [3, 3, 3, 5], stride: 1, pad: "same" },
  { x: [2, 8, 8, 3], filter: [3, 3, 3, 5], stride: 2, pad: "same" },
  { x: [3, 7, 9, 2], filter: [3, 3, 2, 4], stride: 2, pad: "same" },
  { x: [2, 9, 8, 2], filter: [3, 3, 2, 4], stride: 2, pad: "valid" },
  { x: [2, 8, 8, 4], filter: [1, 1, 4, 6], stride: 2, pad: "same" },
  { x: [2, 6, 6, 3], filter: [1, 1, 3, 4], stride: 1, pad: "same" },
  { x: [2, 10, 10, 2], filter: [5, 5, 2, 3], stride: 3, pad: 1 },
  { x: [1, 4, 4, 2], filter: [3, 3, 2, 2], stride: 1, pad: 3 },
  { x: [2, 8, 9, 3], filter: [3, 3, 3, 5], stride: 2, pad: 1 },
  { x: [2, 9, 11, 2], filter: [4, 4, 2, 3], stride: 3, pad: 1 },
  { x: [1, 7, 8, 2], filter: [1, 1, 2, 3], stride: 3, pad: 0 },
  { x: [1, 5, 6, 2], filter: [3, 3, 2, 2], stride: 2, pad: 4 },
];

const torch = `
import torch, torch.nn.functional as F
answer = []
for case in given:
    x = torch.tensor(case["x"], dtype=torch.float64).permute(0, 3, 1, 2).requires_grad_()
    f = torch.tensor(case["filter"], dtype=torch.float64).requires_grad_()
    y = F.conv2d(F.pad(x, case["pads"]), f.permute(3, 2, 0, 1), stride=case["stride"])
    w = torch.tensor(case["weight"], dtype=torch.float64).permute(0, 3, 1, 2)
    (y * w).sum().backward()
    answer.append({"dx": x.grad.permute(0, 2, 3, 1).flatten().tolist(), "df": f.grad.flatten().tolist()})
`;

describe("gradients of conv2d", () => {
  test("equal PyTorch's for strides, paddings and sizes", async () => {
    const runs = await Promise.all(cases.map(gradientsOf));
    const expected = python<{ dx: number[]; df: number[] }[]>(
      torch,
      runs.map(({ given }) => given),
    );
    for (const [index, { dx, df }] of runs.entries()) {
      expectClose(dx, (expected[index] as { dx: number[] }).dx);
      expectClose(df, (expected[index] as { df: number[] }).df);
    }
  });

  test("equal finite differences", async () => {
    const x = randomNormal([1, 5, 5, 2], 0, 1, "float32", 1) as Tensor4D;
    const filter = randomNormal([3, 3, 2, 2], 0, 1, "float32", 2) as Tensor4D;
    const loss = (a: Tensor, b: Tensor) =>
      conv2d(a as Tensor4D, b as Tensor4D, 2, "same")
        .square()
        .sum();
    const [, df] = grads(loss)([x, filter]) as [Tensor, Tensor];
    const values = await filter.data();
    const gradient = await df.data();
    for (const index of [0, 7, 20, 35]) {
      const at = (value: number) => {
        const moved = Float32Array.from(values);
        moved[index] = value;
        return tidy(() => loss(x, tensor(moved, filter.shape)).dataSync()[0] as number);
      };
      const value = values[index] as number;
      expect((at(value + 0.01) - at(value - 0.01)) / 0.02).toBeCloseTo(gradient[index] as number, 1);
    }
  });
});

async function gradientsOf({ x: xShape, filter: filterShape, stride, pad }: (typeof cases)[number]) {
  const x = randomNormal(xShape, 0, 1, "float32", 1) as Tensor4D;
  const filter = randomNormal(filterShape, 0, 1, "float32", 2) as Tensor4D;
  const weight = tidy(() => randomNormal(conv2d(x, filter, stride, pad).shape, 0, 1, "float32", 3)) as Tensor4D;
  const before = memory().numTensors;
  const loss = (a: Tensor, b: Tensor) => mul(conv2d(a as Tensor4D, b as Tensor4D, stride, pad), weight).sum();
  const [dx, df] = grads(loss)([x, filter]) as [Tensor, Tensor];
  expect(memory().numTensors).toBe(before + 2);
  const pads = [...sides(xShape[2], filterShape[1], stride, pad), ...sides(xShape[1], filterShape[0], stride, pad)];
  const given = { x: x.arraySync(), filter: filter.arraySync(), weight: weight.arraySync(), stride, pads };
  return { given, dx: await dx.data(), df: await df.data() };
}

/** TensorFlow's padding [before, after] of one axis. */
function sides(extent: number, filter: number, stride: number, pad: Padding): [number, number] {
  if (pad === "valid") return [0, 0];
  if (typeof pad === "number") return [pad, pad];
  const total = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + filter - extent);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

function expectClose(actual: ArrayLike<number>, expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (actual[index] as number))),
    0,
  );
  expect(largest).toBeLessThan(1e-4);
}
