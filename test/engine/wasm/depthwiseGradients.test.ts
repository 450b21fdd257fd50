import { beforeAll, expect, test } from "vitest";
import { engine } from "../../../src/engine/index.js";
import {
  depthwiseConv2d,
  grads,
  memory,
  randomNormal,
  type Tensor,
  type Tensor4D,
} from "../../../src/engine/tensor.js";

let expected: Float32Array[][];

beforeAll(async () => {
  await engine.use("torch");
  expected = await Promise.all(cases.map((one) => gradients(...one)));
  await engine.use("wasm");
});

const cases: [x: number[], filter: number[], stride: number, pad: "same" | "valid"][] = [
  [[2, 6, 5, 3], [3, 3, 3, 2], 1, "same"],
  [[2, 7, 8, 4], [3, 2, 4, 1], 2, "valid"],
  [[1, 8, 8, 2], [5, 5, 2, 3], 2, "same"],
];

async function gradients(xShape: number[], filterShape: number[], stride: number, pad: "same" | "valid") {
  const x = randomNormal(xShape, 0, 1, "float32", 1);
  const filter = randomNormal(filterShape, 0, 1, "float32", 2);
  const before = memory().numTensors;
  const results = grads((a: Tensor, b: Tensor) =>
    depthwiseConv2d(a as Tensor4D, b as Tensor4D, stride, pad)
      .square()
      .sum(),
  )([x, filter]) as Tensor[];
  expect(memory().numTensors).toBe(before + 2);
  return Promise.all(results.map((result) => result.data() as Promise<Float32Array>));
}

test.each(cases.map((one, index) => [one, index] as const))("%j has torch's gradients", async (one, index) => {
  const actual = await gradients(...one);
  for (const [at, gradient] of actual.entries()) {
    const wanted = expected[index]?.[at] as Float32Array;
    expect(gradient.length).toBe(wanted.length);
    expect(Math.max(...gradient.map((value, place) => Math.abs(value - (wanted[place] as number))))).toBeLessThan(1e-3);
  }
});
