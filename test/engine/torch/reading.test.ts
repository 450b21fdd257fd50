import { expect, test } from "vitest";
import { complex, engine, fill, range, scalar, type Tensor1D, tensor1d, variable } from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";

await start();
const addon = loadAddon();
const large = 2 ** 20; // values; four times the bytes from which on another thread copies

test("what another thread copies is what dataSync gives, in every dtype", async () => {
  const float = range(0, large, 1, "float32");
  const tensors = [float, float.toInt(), float.greater(5), complex(float, float.neg())];
  for (const x of tensors) {
    const [later, now] = [await x.data(), x.dataSync()];
    expect(later.constructor).toBe(now.constructor);
    expect(Buffer.from(later.buffer).equals(Buffer.from((now as Float32Array).buffer))).toBe(true);
    expect(later.length).toBe(x.dtype === "complex64" ? 2 * large : large);
    x.dispose();
  }
});

test("a tensor may be disposed of, and its memory taken again, while it is read", async () => {
  const before = addon.memory().tensors;
  const reads = Array.from({ length: 20 }, (_, i) => {
    const x = fill([large], i) as Tensor1D;
    const read = x.data();
    x.dispose();
    fill([large], -1).dispose(); // would overwrite a block that went back to the pool too early
    return read;
  });
  const results = await Promise.all(reads);
  results.forEach((values, i) => {
    expect(values.every((value) => value === i)).toBe(true);
  });
  expect(addon.memory().tensors).toBeLessThanOrEqual(before); // what earlier tests lost may be collected meanwhile
});

test("a variable that is assigned to while it is read gives its old values", async () => {
  const x = variable(fill([large], 1));
  const read = x.data();
  x.assign(fill([large], 2));
  expect((await read).every((value) => value === 1)).toBe(true);
  x.dispose();
});

test("small tensors, empty ones and strings are read too", async () => {
  const values = await Promise.all([tensor1d([1, 2]).data(), tensor1d([]).data(), tensor1d(["a"]).data()]);
  expect(values.map((v) => Array.from(v as ArrayLike<unknown>))).toEqual([[1, 2], [], ["a"]]);
});

test("a timer ticks while 200 MB are read", async () => {
  const x = fill([50_000_000], 1);
  await x.data(); // the pages of the tensor itself are there from now on
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  let ticks = 0;
  const counter = setInterval(() => ticks++, 1);
  const start = performance.now();
  await x.data();
  const took = performance.now() - start;
  clearInterval(timer);
  clearInterval(counter);
  x.dispose();
  expect(ticks).toBeGreaterThan(2);
  expect(longest).toBeLessThan(Math.max(20, took * 0.8));
});

test("a read that fails rejects with the name of the operation", async () => {
  const [handle] = addon.write(new Float32Array(large), [large], 0);
  addon.dispose(handle);
  expect(() => addon.readLater(handle)).toThrow("read: the tensor was disposed of");
  const x = fill([large], 1);
  x.dispose();
  await expect(engine().backend.read(x.dataId)).rejects.toThrow();
  await expect(async () => x.data()).rejects.toThrow("Tensor is disposed");
  expect(await scalar(3).data()).toEqual(Float32Array.of(3));
});
