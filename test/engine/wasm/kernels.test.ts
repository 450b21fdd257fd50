import { beforeAll, describe, expect, test } from "vitest";
import {
  einsum,
  gather,
  grad,
  image,
  matMul,
  memory,
  randomNormal,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor,
  tensor1d,
  tensor2d,
  topk,
  unsortedSegmentSum,
} from "../../../src/engine/tensor.js";
import { report, start } from "../../../src/engine/wasm/index.js";

beforeAll(async () => {
  await start();
});

test("report says what computes", async () => {
  expect(await report()).toEqual({
    name: "wasm",
    available: true,
    device: "cpu",
    version: "tfjs-backend-wasm 4.22.0",
    threads: 1,
    details: { simd: "yes" },
  });
});

test("kernels that stay missing say so", () => {
  expect(() => einsum("ij->ji", tensor2d([[1, 2]]))).toThrow("Kernel 'Einsum' not registered for backend 'wasm'");
});

describe("matMul", () => {
  test.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])("transposed %s, %s equals loops", async (transposeA, transposeB) => {
    const a = randomNormal(transposeA ? [4, 3] : [3, 4], 0, 1, "float32", 1) as Tensor2D;
    const b = randomNormal(transposeB ? [5, 4] : [4, 5], 0, 1, "float32", 2) as Tensor2D;
    const before = memory().numTensors;
    const product = matMul(a, b, transposeA, transposeB);
    expect(memory().numTensors).toBe(before + 1);
    const [left, right, actual] = (await Promise.all([a.array(), b.array(), product.array()])) as number[][][];
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 5; j++) {
        let sum = 0;
        for (let k = 0; k < 4; k++) {
          const x = transposeA ? left?.[k]?.[i] : left?.[i]?.[k];
          const y = transposeB ? right?.[j]?.[k] : right?.[k]?.[j];
          sum += (x as number) * (y as number);
        }
        expect(actual?.[i]?.[j]).toBeCloseTo(sum, 5);
      }
    }
  });

  test("keeps batches apart", async () => {
    const a = tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
    const product = matMul(a, a, true, false);
    expect(Array.from(await product.data())).toEqual([10, 14, 14, 20, 74, 86, 86, 100]);
  });
});

test("a clone shares its memory and outlives the original", async () => {
  const x = tensor1d([1, 2, 3]);
  const buffers = memory().numDataBuffers;
  const copy = x.clone();
  expect(memory().numDataBuffers).toBe(buffers);
  x.dispose();
  const next = tensor1d([7, 8, 9]); // would take the place, were it free
  expect(Array.from(await copy.data())).toEqual([1, 2, 3]);
  copy.dispose();
  next.dispose();
  expect(memory().numDataBuffers).toBe(buffers - 1);
});

describe("gather", () => {
  test("picks rows of any length along any axis", async () => {
    const x = randomNormal([3, 5, 40], 0, 1, "float32", 1) as Tensor3D;
    const values = await x.array();
    const picked = [2, 0, 2];
    const indices = tensor1d(picked, "int32");
    const before = memory().numTensors;
    const [rows, columns] = [gather(x, indices), gather(x, indices, 2)];
    expect(memory().numTensors).toBe(before + 2);
    expect(await rows.array()).toEqual(picked.map((row) => values[row]));
    expect(await columns.array()).toEqual(values.map((row) => row.map((line) => picked.map((at) => line[at]))));
  });

  test("keeps batches apart and the dtype", async () => {
    const x = tensor2d(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      undefined,
      "int32",
    );
    const indices = tensor2d(
      [
        [2, 0],
        [1, 1],
      ],
      undefined,
      "int32",
    );
    const picked = gather(x, indices, 1, 1);
    expect(picked.dtype).toBe("int32");
    expect(await picked.array()).toEqual([
      [3, 1],
      [5, 5],
    ]);
  });

  test("says which index is outside", () => {
    const before = memory();
    const indices = tensor1d([0, 3, -1], "int32");
    expect(() => gather(tensor1d([1, 2, 3]), indices)).toThrow("gather: indices must be in [0, 3), got 3");
    expect(memory().numDataBuffers).toBe(before.numDataBuffers + 2);
  });
});

describe("unsortedSegmentSum", () => {
  test("sums the rows of each segment and drops ids outside", async () => {
    const x = tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
      [9, 10],
    ]);
    const sums = unsortedSegmentSum(x, tensor1d([0, 2, 0, -1, 7], "int32"), 3);
    expect(await sums.array()).toEqual([
      [6, 8],
      [0, 0],
      [3, 4],
    ]);
  });

  test("is the gradient of gather", async () => {
    const gradient = grad((x) =>
      gather(x, tensor1d([1, 1, 0], "int32"))
        .mul(tensor2d([[1], [10], [100]]))
        .sum(),
    );
    expect(await gradient(tensor2d([[5], [6], [7]])).array()).toEqual([[100], [11], [0]]);
  });
});

describe("kernels of the views", () => {
  test("cropAndResize equals bilinear sampling with the corners aligned", async () => {
    const images = randomNormal([2, 5, 6, 2], 0, 1, "float32", 3) as Tensor4D;
    const boxes = [
      [0.1, 0.2, 0.7, 0.9],
      [0, 0, 1, 1],
    ];
    const crops = image.cropAndResize(images, tensor2d(boxes), tensor1d([1, 0], "int32"), [4, 3], "bilinear");
    const [source, actual] = await Promise.all([images.array(), crops.array()]);
    for (const [box, [top = 0, left = 0, bottom = 0, right = 0]] of boxes.entries()) {
      for (let row = 0; row < 4; row++) {
        for (let column = 0; column < 3; column++) {
          const y = top * 4 + (row * (bottom - top) * 4) / 3;
          const x = left * 5 + (column * (right - left) * 5) / 2;
          const expected = bilinear(source[1 - box] as number[][][], y, x);
          for (const channel of [0, 1]) {
            expect(actual[box]?.[row]?.[column]?.[channel]).toBeCloseTo(expected[channel] as number, 4);
          }
        }
      }
    }
  });

  test("transform shifts by the given offset and fills with the constant", async () => {
    const x = tensor([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]) as Tensor4D;
    const moved = image.transform(x, tensor2d([[1, 0, 1, 0, 1, 0, 0, 0]]), "bilinear", "constant", 9);
    expect(Array.from(await moved.data())).toEqual([2, 3, 9, 5, 6, 9]);
  });

  test("topk, argMax, logSoftmax", async () => {
    const x = tensor2d([
      [1, 5, 3, 5],
      [-1, -2, -3, 0],
    ]);
    const { values, indices } = topk(x, 3);
    expect(await values.array()).toEqual([
      [5, 5, 3],
      [0, -1, -2],
    ]);
    expect(await indices.array()).toEqual([
      [1, 3, 2],
      [3, 0, 1],
    ]);
    expect(await x.argMax(1).array()).toEqual([1, 3]);
    const sums = x.logSoftmax().exp().sum(1);
    for (const sum of await sums.data()) expect(sum).toBeCloseTo(1, 6);
  });
});

function bilinear(pixels: number[][][], y: number, x: number): number[] {
  const at = (row: number, column: number) => pixels[row]?.[column] as number[];
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [bottom, right] = [Math.ceil(y), Math.ceil(x)];
  return at(top, left).map((corner, channel) => {
    const upper = corner + ((at(top, right)[channel] as number) - corner) * (x - left);
    const start = at(bottom, left)[channel] as number;
    const lower = start + ((at(bottom, right)[channel] as number) - start) * (x - left);
    return upper + (lower - upper) * (y - top);
  });
}
