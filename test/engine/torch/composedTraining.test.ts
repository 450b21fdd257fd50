import { afterAll, test } from "vitest";
import {
  batchNormTraining,
  flipImages,
  imagesOfBytes,
  moveVariables,
  ntXentKernel,
  sgdUpdate,
  softmaxCrossEntropy,
} from "../../../src/engine/fused/index.js";
import {
  grad,
  grads,
  randomNormal,
  randomUniform,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  variable,
} from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";
import { expectBothEqual } from "./expectBothEqual.js";

// The training kernels' forms for other devices, beside their loops.
await start();
afterAll(() => loadAddon().setComposed(false));

const normal = <T extends Tensor>(shape: number[], seed: number) => randomNormal(shape, 0, 1, "float32", seed) as T;

test.each([false, true])("batch normalization with relu, residual: %s", (withResidual) => {
  const x = normal<Tensor4D>([4, 3, 3, 5], 1);
  const other = normal<Tensor4D>([4, 3, 3, 5], 2);
  const scale = randomUniform([5], 0.5, 2, "float32", 3) as Tensor1D;
  const offset = normal<Tensor1D>([5], 4);
  const weights = normal<Tensor4D>([4, 3, 3, 5], 5);
  const result = (a: Tensor, s: Tensor, o: Tensor, r: Tensor) =>
    batchNormTraining(a, s as Tensor1D, o as Tensor1D, {
      epsilon: 1e-5,
      relu: true,
      ...(withResidual ? { residual: r } : {}),
    });
  expectBothEqual(() => Object.values(result(x, scale, offset, other)) as Tensor[], 1e-5);
  const loss = (a: Tensor, s: Tensor, o: Tensor, r: Tensor) =>
    result(a, s, o, r).y.mul(weights).sum().add(r.sum().mul(0)) as Scalar;
  expectBothEqual(() => grads(loss)([x, scale, offset, other]), 1e-4);
});

test("NT-Xent and its gradient", () => {
  const z = normal<Tensor2D>([14, 6], 1);
  const unit = z.div<Tensor2D>(z.norm("euclidean", 1, true));
  expectBothEqual(() => ntXentKernel(unit, 0.2), 1e-5);
  expectBothEqual(() => grad((x: Tensor) => ntXentKernel(x as Tensor2D, 0.2))(unit), 1e-5);
});

test("cross-entropy and its gradient, of shares and of labels", () => {
  const logits = normal<Tensor2D>([5, 7], 1);
  const shares = normal<Tensor2D>([5, 7], 2).softmax<Tensor2D>();
  const labels = tensor1d([0, 6, 3, 3, 1], "int32");
  for (const target of [shares, labels]) {
    expectBothEqual(() => softmaxCrossEntropy(logits, target, 0.3), 1e-5);
    expectBothEqual(() => grad((x: Tensor) => softmaxCrossEntropy(x as Tensor2D, target, 0.3))(logits), 1e-5);
  }
});

test("updates of variables", () => {
  const start = [normal([3, 4], 1), normal([5], 2)];
  const slopes = [normal([3, 4], 3), normal([5], 4)];
  expectBothEqual(() => {
    const weights = start.map((values) => variable(values.clone()));
    const velocities = slopes.map((values) => variable(values.mul(0.5)));
    const states = weights.map((weight, i) => ({ weight, velocity: velocities[i] as never, decay: i === 0 ? 0.1 : 0 }));
    sgdUpdate(states, slopes, { learningRate: 0.1, momentum: 0.9 });
    return [...weights, ...velocities];
  }, 1e-6);
  expectBothEqual(() => {
    const targets = start.map((values) => variable(values.clone()));
    const sources = slopes.map((values) => variable(values.clone()));
    moveVariables(targets, sources, 0.99);
    return targets;
  }, 1e-6);
});

test("images of bytes, and their mirror images", () => {
  const bytes = Uint8Array.from({ length: 4 * 3 * 5 * 2 }, (_, i) => (i * 37) % 256);
  const images = () => imagesOfBytes({ bytes, shape: [3, 5, 2] }, Int32Array.of(3, 0, 0, 2));
  expectBothEqual(images, 1e-7);
  for (const axis of [1, 2] as const) {
    expectBothEqual(() => flipImages(images(), Uint8Array.of(1, 0, 1, 0), axis), 1e-7);
  }
});
