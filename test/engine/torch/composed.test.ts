import { afterAll, expect, test } from "vitest";
import { blurImages, colorJitterKernel, resizedCropKernel } from "../../../src/engine/fused/index.js";
import {
  cast,
  engine,
  gather,
  gatherND,
  image,
  matMul,
  randomNormal,
  randomUniform,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  topk,
  unique,
  unsortedSegmentSum,
} from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";
import { expectBothEqual } from "./expectBothEqual.js";

// On a GPU a kernel that is a loop here is composed of libtorch's own kernels. Both forms run here, on the same values.
await start();
const addon = loadAddon();
afterAll(() => addon.setComposed(false));

const images = (shape: [number, number, number, number], seed = 1) =>
  randomUniform(shape, 0, 1, "float32", seed) as Tensor4D;

test("cast to int32", () => {
  const x = tensor1d([1.9, -1.9, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31) - 300, 2 ** 53, 1e30, -0]);
  expectBothEqual(() => cast(x, "int32"));
});

test("gather, also in batches, and its refusals", () => {
  const x = randomNormal([3, 5, 4, 2], 0, 1, "float32", 1);
  const indices = tensor2d(
    [
      [0, 4],
      [2, 2],
      [3, 1],
    ],
    [3, 2],
    "int32",
  );
  expectBothEqual(() => [
    gather(x, indices, 1),
    gather(x, indices, 1, 1),
    gather(x, indices.minimum(tensor1d([3], "int32")), 2, 1),
  ]);
  expectBothEqual(() =>
    gatherND(
      x,
      tensor2d(
        [
          [0, 4],
          [2, 2],
          [1, 3],
        ],
        [3, 2],
        "int32",
      ),
    ),
  );
  for (const composed of [false, true]) {
    addon.setComposed(composed);
    expect(() => gather(x, tensor1d([0, 5], "int32"), 1)).toThrow("GatherV2: the index value 5 is not in [0, 4]");
    expect(() => gather(x, tensor1d([-1, 5], "int32"), 1)).toThrow("GatherV2: the index value -1 is not in [0, 4]");
  }
  addon.setComposed(false);
});

test("sums by segment, dropped ones too", () => {
  const x = randomNormal([6, 3, 2], 0, 1, "float32", 1);
  const segments = tensor1d([2, 0, -1, 2, 7, 1], "int32");
  expectBothEqual(() => unsortedSegmentSum(x, segments as never, 4), 1e-6);
  expectBothEqual(() => unsortedSegmentSum(cast(x.mul(9), "int32"), segments as never, 4));
});

test("top k, with ties and NaN", () => {
  const x = tensor2d([
    [1, 3, 3, NaN, -Infinity, 3],
    [NaN, -Infinity, NaN, Infinity, 0, -0],
  ]);
  for (const k of [0, 1, 3, 6]) expectBothEqual(() => Object.values(topk(x, k)) as Tensor[]);
  const whole = cast(randomUniform([4, 50], 0, 9, "float32", 3), "int32");
  expectBothEqual(() => Object.values(topk(whole, 20)) as Tensor[]);
});

test("unique, in the order of first occurrence", () => {
  const x = tensor2d(
    [
      [2, 1],
      [0, 3],
      [2, 1],
      [0, 0],
      [0, 3],
    ],
    [5, 2],
    "int32",
  );
  expectBothEqual(() => Object.values(unique(x)) as Tensor[]);
});

test("products of whole numbers", () => {
  const [a, b] = [1, 2].map((seed) => cast(randomUniform([2, 7, 7], -9999, 9999, "float32", seed), "int32"));
  expectBothEqual(() => matMul(a as Tensor, b as Tensor, false, true));
});

test.each([
  [[7, 9], false, false],
  [[3, 2], false, false],
  [[7, 9], true, false],
  [[1, 6], true, false],
  [[11, 3], false, true],
] as const)("resizing to %j, corners aligned %s, half pixels %s", (size, alignCorners, halfPixels) => {
  const x = images([2, 5, 6, 3]);
  const attributes = { size, alignCorners, halfPixelCenters: halfPixels } as never;
  expectBothEqual(() => image.resizeBilinear(x, [...size], alignCorners, halfPixels));
  expectBothEqual(() => image.resizeNearestNeighbor(x, [...size], alignCorners, halfPixels));
  expectBothEqual(() =>
    image.resizeNearestNeighbor(cast(x.mul(99), "int32") as Tensor4D, [...size], alignCorners, halfPixels),
  );
  const dy = randomNormal([2, ...size, 3], 0, 1, "float32", 2);
  for (const name of ["ResizeBilinearGrad", "ResizeNearestNeighborGrad"])
    expectBothEqual(() => engine().runKernel(name, { images: x, dy }, attributes) as Tensor, 1e-5);
});

test("cropping and resizing, also beyond the image", () => {
  const x = images([3, 6, 5, 2]);
  const boxes = randomUniform([8, 4], -0.4, 1.4, "float32", 5) as Tensor2D;
  const owners = tensor1d([0, 2, 1, 1, 0, 2, 2, 0], "int32");
  for (const method of ["bilinear", "nearest"] as const)
    for (const size of [
      [4, 7],
      [1, 1],
    ] as [number, number][])
      expectBothEqual(() => image.cropAndResize(x, boxes, owners, size, method, 0.5));
  addon.setComposed(true);
  const call = () => image.cropAndResize(x, boxes, tensor1d([3, 0, 0, 0, 0, 0, 0, 0], "int32"), [2, 2]);
  expect(call).toThrow("CropAndResize: image index 3 must be in [0, 3)");
  addon.setComposed(false);
});

test.each(["constant", "reflect", "wrap", "nearest"] as const)("projective transforms, %s", (mode) => {
  const x = images([3, 6, 5, 2]);
  const near = randomUniform([3, 8], -0.05, 0.05, "float32", 7).add(tensor1d([1, 0.2, -3, -0.1, 1.1, 2, 0, 0]));
  const far = randomUniform([1, 8], -3, 3, "float32", 8);
  for (const transforms of [near, far] as Tensor2D[])
    for (const method of ["bilinear", "nearest"] as const)
      expectBothEqual(() => image.transform(x, transforms, method, mode, 0.25, [7, 8]), 1e-6);
});

test("rotation", () => {
  const x = images([2, 6, 5, 3]);
  expectBothEqual(() => image.rotateWithOffset(x, 0.7, [0.1, 0.2, 0.3], [0.4, 0.6]));
});

test.each([true, false])("cropped views, antialias %s", (antialias) => {
  const boxes = Int32Array.from([0, 0, 8, 8, 2, 3, 5, 4, 7, 7, 1, 1]);
  const crop = (size: [number, number]) => resizedCropKernel(images([3, 8, 8, 3]), { boxes, size, antialias });
  expectBothEqual(() => [crop([5, 6]), crop([3, 2]), crop([11, 8])], 1e-6);
});

test.each([3, 1])("blurred views of %i channels", (channels) => {
  expectBothEqual(() => blurImages(images([3, 7, 9, channels]), [0.5, undefined, 2], 5), 1e-6);
});

test.each([3, 1])("jittered colours of %i channels, in every order", (channels) => {
  const orders = Int32Array.from([0, 1, 2, 3, 3, 2, 1, 0, -1, -1, -1, -1, 1, 3, 0, 2, 2, 0, 3, 1]);
  const factors = Float32Array.from({ length: 20 }, (_, i) =>
    i % 4 === 3 ? (i % 5) / 5 - 0.5 : 0.4 + ((i * 7) % 12) / 10,
  );
  expectBothEqual(() => colorJitterKernel(images([5, 6, 4, channels]), { factors, orders }), 2e-6);
});
