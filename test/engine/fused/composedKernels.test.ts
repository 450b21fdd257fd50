import { beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/check/index.js";
import { registerComposedKernels } from "../../../src/engine/fused/composedKernels.js";
import {
  batchNormTraining,
  blurImages,
  colorJitterKernel,
  resizedCropKernel,
} from "../../../src/engine/fused/index.js";
import { engine } from "../../../src/engine/index.js";
import { grads, memory, setBackend, type Tensor, type Tensor1D, tensor, tensor4d } from "../../../src/engine/tensor.js";

beforeAll(() => registerComposedKernels("cpu"));

const random = seededRandom(3);
const values = (length: number) => Float32Array.from({ length }, () => random.uniform());

/** The results on tfjs's own backend for the CPU, which has none of the kernels, and on torch, which has all. */
async function onBoth(compute: () => Tensor[]): Promise<[composed: Float32Array[], native: Float32Array[]]> {
  await setBackend("cpu");
  const composed = await read(compute);
  await engine.use("torch");
  return [composed, await read(compute)];
}

async function read(compute: () => Tensor[]): Promise<Float32Array[]> {
  const before = memory().numTensors;
  const results = compute();
  expect(memory().numTensors).toBe(before + results.length);
  const read = await Promise.all(results.map((result) => result.data() as Promise<Float32Array>));
  for (const result of results) result.dispose();
  return read;
}

function expectClose(actual: Float32Array[], expected: Float32Array[], tolerance: number): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  actual.forEach((result, index) => {
    const differences = result.map((value, at) => Math.abs(value - (expected[index]?.[at] as number)));
    expect(differences.every((difference) => difference <= tolerance)).toBe(true);
  });
}

describe.each([true, false])("ResizedCrop, antialias %s, has torch's values", (antialias) => {
  test.each([
    ["made larger, smaller and as it is", [3, 9, 12, 3], [7, 11], [0, 0, 9, 12, 4, 5, 2, 3, 1, 1, 7, 11]],
    ["made much smaller", [2, 23, 17, 2], [3, 2], [0, 0, 23, 17, 1, 2, 7, 9]],
    ["one pixel of gray images", [2, 5, 4, 1], [3, 2], [4, 3, 1, 1, 0, 0, 5, 1]],
    ["none", [0, 5, 4, 1], [3, 2], []],
    ["to nothing", [1, 5, 4, 1], [0, 2], [0, 0, 5, 4]],
  ] as const)("%s", async (_, shape, size, boxes) => {
    const pixels = values(shape.reduce<number>((product, extent) => product * extent, 1));
    const [composed, native] = await onBoth(() => {
      const images = tensor4d(pixels, [...shape]);
      const crops = resizedCropKernel(images, { boxes: Int32Array.from(boxes), size, antialias });
      images.dispose();
      return [crops];
    });
    expectClose(composed, native, 1e-6);
  });
});

test.each([1, 3])("GaussianBlur of %i channels has torch's values", async (channels) => {
  const pixels = values(4 * 9 * 7 * channels);
  const [composed, native] = await onBoth(() => {
    const images = tensor4d(pixels, [4, 9, 7, channels]);
    const blurred = blurImages(images, [0.1, undefined, 1.3, 5], 7);
    images.dispose();
    return [blurred];
  });
  expectClose(composed, native, 1e-6);
});

test.each([3, 1])("ColorJitter of %i channels has torch's values in every order", async (channels) => {
  const orders = [...permutations([0, 1, 2, 3]), [-1, -1, -1, -1], [3, -1, 0, -1]];
  const n = orders.length;
  const pixels = values(n * 5 * 4 * channels).map((value, at) => (at % 7 === 0 ? 1 : at % 5 === 0 ? 0 : value));
  const factors = Float32Array.from({ length: 4 * n }, (_, at) =>
    at % 4 === 3 ? random.uniform(-0.5, 0.5) : random.uniform(0, 2),
  );
  const [composed, native] = await onBoth(() => {
    const images = tensor4d(pixels, [n, 5, 4, channels]);
    const views = colorJitterKernel(images, { factors, orders: Int32Array.from(orders.flat()) });
    images.dispose();
    return [views];
  });
  expectClose(composed, native, 1e-5);
});

test("BatchNormTraining has torch's values and gradients", async () => {
  const [x, scale, offset, weight] = [values(6 * 4 * 5 * 3), values(3), values(3), values(6 * 4 * 5 * 3)];
  const [composed, native] = await onBoth(() => {
    const inputs = [tensor(x, [6, 4, 5, 3]), tensor(scale, [3]), tensor(offset, [3])];
    const weights = tensor(weight, [6, 4, 5, 3]);
    const gradients = grads((a: Tensor, b: Tensor, c: Tensor) =>
      batchNormTraining(a, b as Tensor1D, c as Tensor1D, { epsilon: 1e-3 })
        .y.mul(weights)
        .sum(),
    )(inputs);
    const { y, mean, variance } = batchNormTraining(inputs[0] as Tensor, inputs[1] as Tensor1D, inputs[2] as Tensor1D, {
      epsilon: 1e-3,
    });
    for (const input of [...inputs, weights]) input.dispose();
    return [y, mean, variance, ...gradients];
  });
  expectClose(composed, native, 1e-4);
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
