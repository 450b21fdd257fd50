import { expect, test } from "vitest";
import {
  abs,
  add,
  cast,
  clone,
  complex,
  engine,
  grad,
  imag,
  isNaN as isNaNElement,
  memory,
  mul,
  ones,
  range,
  real,
  relu,
  scalar,
  setBackend,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
  zeros,
} from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";

await start();

test("is read as real and imaginary parts in turn, and as nested arrays", async () => {
  const x = complex([1, 3], [2, -4]);
  expect(x.dtype).toBe("complex64");
  expect(await x.data()).toEqual(Float32Array.of(1, 2, 3, -4));
  expect(x.arraySync()).toEqual([1, 2, 3, -4]);
  expect(x.toString()).toBe("Tensor\n    [1 + 2j, 3 + -4j]");
});

test("is read in full from another thread where it is large", async () => {
  const count = 1 << 20;
  const values = await complex(range(0, count), range(0, -count, -1)).data();
  expect(values).toHaveLength(2 * count);
  expect(values.every((value, i) => value === (i % 2 === 0 ? i / 2 : -(i - 1) / 2))).toBe(true);
});

test("of int32 parts is complex, of other shapes an error of tfjs", () => {
  expect(complex(tensor1d([1, 2], "int32"), tensor1d([3, 4], "int32")).dataSync()).toEqual(Float32Array.of(1, 3, 2, 4));
  expect(() => complex([1], [1, 2])).toThrow("real and imag shapes, 1 and 2, must match in call to tf.complex().");
});

test("NaN and empty tensors keep their places", () => {
  const x = complex([Number.NaN, 1], [0, Number.NaN]);
  expect(real(x).dataSync()).toEqual(Float32Array.of(Number.NaN, 1));
  expect(imag(x).dataSync()).toEqual(Float32Array.of(0, Number.NaN));
  expect([...abs(x).dataSync()]).toEqual([Number.NaN, Number.NaN]);
  const empty = complex(zeros([0, 3]), zeros([0, 3]));
  expect(add(empty, empty).shape).toEqual([0, 3]);
  expect(abs(empty).dtype).toBe("float32");
  expect(sum(empty as Tensor, 0).dataSync()).toEqual(new Float32Array(6));
});

test.each([
  ["float32", [1.5, 2]],
  ["int32", [1, 2]],
  ["bool", [1, 1]],
] as const)("with %s becomes complex64", (dtype, parts) => {
  const other = cast(tensor1d([1.5, 2]), dtype);
  const product = mul(complex([1, 0], [2, 1]), other);
  expect(product.dtype).toBe("complex64");
  expect(product.dataSync()).toEqual(Float32Array.of(parts[0], 2 * parts[0], 0, parts[1]));
});

test("casts keep the real part; strings do not cast", () => {
  const x = complex([1.75, 0], [3, 1]);
  expect(cast(x, "float32").dataSync()).toEqual(Float32Array.of(1.75, 0));
  expect(cast(x, "int32").dataSync()).toEqual(Int32Array.of(1, 0));
  expect(cast(x, "bool").dataSync()).toEqual(Uint8Array.of(1, 0));
  expect(cast(tensor1d([2], "int32"), "complex64").dataSync()).toEqual(Float32Array.of(2, 0));
  expect(() => cast(x, "string")).toThrow("Only strings can be casted to strings");
});

test("kernels that would drop the imaginary part refuse complex numbers", () => {
  const x = complex([1], [2]);
  expect(() => relu(x)).toThrow("Relu: complex64 is not supported");
  expect(() => isNaNElement(x)).toThrow("IsNan: complex64 is not supported");
  expect(() => engine().runKernel("Max", { x }, { reductionIndices: [0], keepDims: false } as never)).toThrow(
    "Max: complex64 is not supported",
  );
});

test("tensors are counted and freed", () => {
  const native = () => {
    const { tensors, bytes } = loadAddon().memory();
    return { tensors, bytes };
  };
  const before = { native: native(), tfjs: memory().numTensors };
  const x = complex([1, 2, 3], [4, 5, 6]);
  expect(memory().numTensors).toBe(before.tfjs + 1);
  expect(native()).toEqual({ tensors: before.native.tensors + 1, bytes: before.native.bytes + 24 });
  const copy = clone(x);
  const part = real(x);
  x.dispose();
  expect(copy.dataSync()).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
  copy.dispose();
  expect(part.dataSync()).toEqual(Float32Array.of(1, 2, 3)); // outlives what it is a part of
  part.dispose();
  tidy(() => abs(mul(complex([1], [1]), complex([1], [1]))).dataSync());
  expect({ native: native(), tfjs: memory().numTensors }).toEqual(before);
});

test("values move between backends", async () => {
  await setBackend("cpu");
  const x = complex([1, 2], [3, 4]);
  await setBackend("torch");
  expect(mul(x, x).dataSync()).toEqual(Float32Array.of(-8, 6, -12, 16));
  const y = complex([5], [6]);
  expect(ones([1], "complex64").dataSync()).toEqual(Float32Array.of(1, 0));
  expect(add(y, scalar(1)).dataSync()).toEqual(Float32Array.of(6, 6));
});

test("gradients through complex numbers are refused as tfjs refuses them", () => {
  const through = grad((x: Tensor) => sum(abs(complex(x, x))) as Tensor);
  expect(() => through(tensor([1, 2]))).toThrow("gradient");
});
