import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import {
  conv2d,
  losses,
  matMul,
  mean,
  memory,
  type Optimizer,
  oneHot,
  randomNormal,
  relu,
  type Scalar,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tidy,
  train,
  variable,
  zeros,
} from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";

process.env["KONTRAST_THREADS"] = "1"; // small kernels on a machine that is busy with other tests
await start();
const addon = loadAddon();

test("a tensor's memory is free at once when it is disposed of", () => {
  const before = addon.memory();
  const x = zeros([1000, 1000]);
  expect(addon.memory()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + 4_000_000 });
  const flat = x.reshape([1_000_000]);
  expect(flat.add(1).dispose()).toBeUndefined(); // reads the same values under a second shape
  x.dispose();
  expect(flat.dataSync()[999_999]).toBe(0); // shared values live as long as one tensor needs them
  flat.dispose();
  expect(addon.memory()).toEqual(before);
});

test("tensors that nobody can reach any more go with the garbage collector", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const before = addon.memory().tensors;
  (() => {
    for (let i = 0; i < 50; i++) addon.write(new Float32Array(4096), [4096], 0);
  })();
  expect(addon.memory().tensors).toBe(before + 50);
  collect();
  await new Promise((resolve) => setTimeout(resolve, 50)); // finalizers run after the collection
  expect(addon.memory().tensors).toBeLessThan(before + 10);
});

test("500 training steps leave memory as it was", () => {
  const x = randomNormal([16, 16, 16, 3], 0, 1, "float32", 1) as Tensor4D;
  const labels = oneHot(
    tensor1d(
      Array.from({ length: 16 }, (_, i) => i % 4),
      "int32",
    ),
    4,
  );
  const filter = variable(randomNormal([3, 3, 3, 16], 0, 0.1, "float32", 2) as Tensor4D);
  const weights = variable(randomNormal([16, 4], 0, 0.1, "float32", 3) as Tensor2D);
  const optimizer: Optimizer = train.momentum(0.05, 0.9);
  const step = () => {
    const cost = optimizer.minimize(() => {
      const h = relu(conv2d(x, filter as unknown as Tensor4D, 2, "same"));
      return losses.softmaxCrossEntropy(labels, matMul(mean(h, [1, 2]) as Tensor2D, weights)) as Scalar;
    }, true);
    const loss = cost?.dataSync()[0] ?? NaN;
    cost?.dispose();
    return loss;
  };
  const first = tidy(step);
  for (let i = 0; i < 100; i++) step();
  const tensors = memory().numTensors;
  const native = addon.memory();
  const resident = process.memoryUsage().rss;
  let last = NaN;
  for (let i = 0; i < 400; i++) last = step();
  expect(memory().numTensors).toBe(tensors);
  expect(addon.memory()).toEqual(native);
  expect(process.memoryUsage().rss - resident).toBeLessThan(48 * 2 ** 20);
  expect(last).toBeLessThan(first);
});
