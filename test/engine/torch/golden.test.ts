import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import {
  conv2d,
  depthwiseConv2d,
  engine,
  grads,
  image,
  randomNormal,
  randomUniform,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor1d,
  tensor2d,
} from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";

// The same numbers from PyTorch, computed by golden.py now.
const python = "/usr/bin/python3";
const hasTorch =
  spawnSync(python, ["-c", 'import importlib.util as u, sys; sys.exit(u.find_spec("torch") is None)']).status === 0;

function pytorch(cases: readonly object[]): number[][][] {
  const script = fileURLToPath(new URL("golden.py", import.meta.url));
  return JSON.parse(execFileSync(python, [script], { input: JSON.stringify(cases), maxBuffer: 1 << 28 }).toString());
}

const plain = (x: Tensor) => ({ shape: x.shape, values: Array.from(x.dataSync()) });
const normal = <T extends Tensor>(shape: number[], seed: number) => randomNormal(shape, 0, 1, "float32", seed) as T;

function expectClose(actual: Tensor, expected: readonly number[] | undefined, tolerance: number): void {
  const values = actual.dataSync();
  expect(values.length).toBe(expected?.length);
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    const error = Math.abs((values[i] ?? NaN) - (expected?.[i] ?? NaN));
    worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
  }
  expect(worst).toBeLessThan(tolerance);
}

interface ConvolutionCase {
  readonly title: string;
  readonly x: number[];
  readonly filter: [number, number, number, number];
  readonly stride?: number;
  readonly dilation?: number;
  readonly pad: "same" | "valid" | number | [[number, number], [number, number], [number, number], [number, number]];
  /** Top, bottom, left, right: what the padding comes to. */
  readonly padding: number[];
  readonly depthwise?: boolean;
}

const convolutions: readonly ConvolutionCase[] = [
  { title: "same", x: [2, 8, 8, 16], filter: [3, 3, 16, 8], pad: "same", padding: [1, 1, 1, 1] },
  {
    title: "same with stride 2, even",
    x: [2, 8, 6, 3],
    filter: [3, 3, 3, 4],
    stride: 2,
    pad: "same",
    padding: [0, 1, 0, 1],
  },
  {
    title: "same with stride 2, odd",
    x: [2, 7, 9, 3],
    filter: [3, 3, 3, 4],
    stride: 2,
    pad: "same",
    padding: [1, 1, 1, 1],
  },
  {
    title: "valid with stride 3",
    x: [1, 9, 8, 2],
    filter: [2, 3, 2, 5],
    stride: 3,
    pad: "valid",
    padding: [0, 0, 0, 0],
  },
  { title: "dilation 2", x: [2, 9, 9, 4], filter: [3, 3, 4, 6], dilation: 2, pad: "same", padding: [2, 2, 2, 2] },
  { title: "even filter", x: [2, 6, 6, 3], filter: [4, 2, 3, 3], pad: "same", padding: [1, 2, 0, 1] },
  { title: "pointwise", x: [4, 5, 5, 8], filter: [1, 1, 8, 16], pad: "valid", padding: [0, 0, 0, 0] },
  { title: "one channel", x: [3, 8, 8, 1], filter: [5, 5, 1, 4], pad: 2, padding: [2, 2, 2, 2] },
  {
    title: "explicit padding",
    x: [2, 6, 7, 3],
    filter: [3, 3, 3, 2],
    pad: [
      [0, 0],
      [2, 0],
      [1, 3],
      [0, 0],
    ],
    padding: [2, 0, 1, 3],
  },
  { title: "depthwise", x: [2, 8, 8, 6], filter: [3, 3, 6, 2], pad: "same", padding: [1, 1, 1, 1], depthwise: true },
  {
    title: "depthwise, stride 2",
    x: [2, 8, 8, 4],
    filter: [3, 3, 4, 1],
    stride: 2,
    pad: "same",
    padding: [0, 1, 0, 1],
    depthwise: true,
  },
];

describe.skipIf(!hasTorch)("against PyTorch", () => {
  beforeAll(async () => {
    await start();
  });

  test("convolutions, forward and backward", () => {
    const runs = convolutions.map(
      ({ x: shape, filter: filterShape, stride = 1, dilation = 1, pad, ...rest }, index) => {
        const x = normal<Tensor4D>(shape, 2 * index);
        const filter = normal<Tensor4D>(filterShape, 2 * index + 1);
        const f = (a: Tensor, b: Tensor) =>
          rest.depthwise
            ? depthwiseConv2d(a as Tensor4D, b as Tensor4D, stride, pad, "NHWC", dilation)
            : conv2d(a as Tensor4D, b as Tensor4D, stride, pad, "NHWC", dilation);
        const y = f(x, filter);
        const dy = normal(y.shape, 100 + index);
        const gradients = dilation > 1 ? [] : (grads(f)([x, filter], dy) as Tensor[]); // tfjs has none with dilation
        const groups = rest.depthwise ? (shape[3] ?? 1) : 1;
        const ours = [y, ...gradients];
        const request = {
          x: plain(x),
          filter: plain(filter),
          stride,
          dilation,
          groups,
          padding: rest.padding,
          dy: plain(dy),
        };
        return { ours, request: { function: "convolution", ...request } };
      },
    );
    const golden = pytorch(runs.map(({ request }) => request));
    runs.forEach(({ ours }, index) => {
      for (const [part, tensor] of ours.entries()) expectClose(tensor, golden[index]?.[part], 2e-4);
    });
  });

  test("batch normalization in training, forward and backward", () => {
    const epsilon = 1e-3;
    const runs = [
      [4, 6, 5, 7],
      [16, 1, 1, 3],
      [2, 33, 9, 16],
    ].map((shape, index) => {
      const channels = shape[3] ?? 0;
      const x = normal<Tensor4D>(shape, index).mul(3).add(5);
      const [scale, offset] = [normal<Tensor1D>([channels], 10 + index), normal<Tensor1D>([channels], 20 + index)];
      const dy = normal(shape, 30 + index);
      const attrs = { epsilon, relu: false };
      const forward = engine().runKernel("BatchNormTraining", { x, scale, offset }, attrs) as Tensor[];
      const [, mean, variance] = forward as [Tensor, Tensor, Tensor];
      const back = engine().runKernel(
        "BatchNormTrainingGrad",
        { dy, x, scale, offset, mean, variance },
        attrs,
      ) as Tensor[];
      const request = { x: plain(x), scale: plain(scale), offset: plain(offset), epsilon, dy: plain(dy) };
      return { ours: [...forward, ...back], request: { function: "batch_norm", ...request } };
    });
    const golden = pytorch(runs.map(({ request }) => request));
    runs.forEach(({ ours }, index) => {
      for (const [part, tensor] of ours.entries()) expectClose(tensor, golden[index]?.[part], 5e-4);
    });
  });

  test("crop and resize, bilinear and nearest", () => {
    const x = randomUniform([3, 9, 7, 3], 0, 1, "float32", 1) as Tensor4D;
    const boxes = tensor2d([0, 0, 1, 1, 0.13, 0.21, 0.77, 0.94, 0.9, 0.8, 0.17, 0.05, 0.31, 0.42, 0.33, 0.44], [4, 4]);
    const owners = [0, 2, 1, 2];
    const size: [number, number] = [5, 11];
    const modes = ["bilinear", "nearest"] as const;
    const request = { function: "crop_and_resize", x: plain(x), boxes: plain(boxes), owners, size };
    const golden = pytorch(modes.map((mode) => ({ ...request, mode })));
    modes.forEach((mode, index) => {
      const ours = image.cropAndResize(x, boxes, tensor1d(owners, "int32"), size, mode);
      expectClose(ours, golden[index]?.[0], 1e-4);
    });
  });
});
