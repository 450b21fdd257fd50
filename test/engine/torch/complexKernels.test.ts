import { describe, expect, test } from "vitest";
import {
  complex,
  engine,
  imag,
  randomNormal,
  real,
  type Tensor,
  tensor1d,
  tensor2d,
} from "../../../src/engine/tensor.js";
import { complexKernels } from "../../../src/engine/torch/complexKernels.js";
import { start } from "../../../src/engine/torch/index.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";
import { expectNumpy, hasNumpy, numpy } from "./numpy.js";

// Every kernel that takes complex numbers, against NumPy.
await start();

interface KernelCase {
  /** Its tfjs name, and the addon's where that is another. */
  readonly kernel: string;
  readonly native?: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly attrs?: object;
  /** One expression per result. */
  readonly numpy: readonly string[];
}

const normal = (shape: number[], seed: number) =>
  complex(randomNormal(shape, 0, 1, "float32", seed), randomNormal(shape, 0, 1, "float32", seed + 50));
const x = normal([4, 6], 1);
const y = normal([4, 6], 2);
const row = normal([6], 3);
const square = normal([2, 3, 3], 4);
const three = normal([3], 5);
const condition = tensor2d([1, 0, 0, 1, 1, 0], [1, 6], "bool").tile([4, 1]);
const indices = tensor2d([[1], [3], [1]], [3, 1], "int32");
const distinct = tensor2d([[1], [3], [0]], [3, 1], "int32");

const one = (kernel: string, expression: string, attrs: object = {}): KernelCase => ({
  ...{ kernel, inputs: { x }, attrs, numpy: [expression] },
});
const two = (kernel: string, expression: string, b: Tensor = y): KernelCase => ({
  ...{ kernel, inputs: { a: x, b }, numpy: [expression] },
});
/** tfjs numbers the inputs of kernels that take lists: 0, 1, … */
const list = (kernel: string, expression: string, attrs: object = {}): KernelCase => ({
  ...{ kernel, inputs: { 0: x, 1: y }, attrs, numpy: [expression] },
});
const paddings = [
  [1, 2],
  [0, 3],
];

const cases: readonly KernelCase[] = [
  { kernel: "Complex", inputs: { real: real(x), imag: imag(x) }, numpy: ["real + 1j * imag"] },
  { kernel: "Real", inputs: { input: x }, numpy: ["np.real(input)"] },
  { kernel: "Imag", inputs: { input: x }, numpy: ["np.imag(input)"] },
  { kernel: "FFT", inputs: { input: x }, numpy: ["np.fft.fft(input)"] },
  { kernel: "IFFT", inputs: { input: x }, numpy: ["np.fft.ifft(input)"] },
  one("ComplexAbs", "np.abs(x)"),
  one("OnesLike", "np.ones_like(x)"),
  one("ZerosLike", "np.zeros_like(x)"),
  one("Cast", "np.real(x)", { dtype: "float32" }),
  one("Cast", "np.trunc(np.real(x))", { dtype: "int32" }),
  one("Cast", "np.real(x) != 0", { dtype: "bool" }),
  { kernel: "Cast", inputs: { x: real(x) }, attrs: { dtype: "complex64" }, numpy: ["x.astype('complex64')"] },
  two("Add", "a + b"),
  two("Sub", "a - b", row),
  two("Multiply", "a * b", row),
  two("RealDiv", "a / b"),
  two("SquaredDifference", "(a - b) ** 2", row),
  list("AddN", "_0 + _1"),
  one("Neg", "-x"),
  one("Reciprocal", "1 / x"),
  one("Square", "x * x"),
  ...["Cos", "Cosh", "Exp", "Log", "Sin", "Sinh", "Sqrt", "Tan", "Tanh"].map((name) =>
    one(name, `np.${name.toLowerCase()}(x)`),
  ),
  {
    ...{ kernel: "BatchMatMul", inputs: { a: square, b: square }, attrs: { transposeA: true, transposeB: false } },
    numpy: ["np.swapaxes(a, 1, 2) @ b"],
  },
  list("Einsum", "np.einsum('ij,kj->ik', _0, _1)", { equation: "ij,kj->ik" }),
  one("Sum", "x.sum(1)", { axis: [1], keepDims: false }),
  one("Sum", "x", { axis: [], keepDims: false }),
  one("Mean", "x.mean(0, keepdims=True)", { axis: [0], keepDims: true }),
  one("Prod", "x.prod(1)", { axis: [1], keepDims: false }),
  one("Cumsum", "x.cumsum(1)", { axis: 1, exclusive: false, reverse: false }),
  one("Cumsum", "np.hstack([np.zeros((4, 1)), x.cumsum(1)[:, :-1]])", { axis: 1, exclusive: true, reverse: false }),
  one("Cumprod", "x[:, ::-1].cumprod(1)[:, ::-1]", { axis: 1, exclusive: false, reverse: true }),
  two("Equal", "a == b", x),
  two("NotEqual", "a != b"),
  { kernel: "Select", inputs: { condition, t: x, e: y }, numpy: ["np.where(condition, t, e)"] },
  one("Diag", "np.diag(x.flatten()).reshape(4, 6, 4, 6)"),
  { kernel: "GatherNd", inputs: { params: x, indices }, numpy: ["params[indices[:, 0]]"] },
  {
    ...{ kernel: "GatherV2", inputs: { x, indices: tensor1d([2, 0, 2], "int32") }, attrs: { axis: 1, batchDims: 0 } },
    numpy: ["x[:, indices]"],
  },
  one("MirrorPad", "np.pad(x, [(1, 2), (0, 3)], mode='reflect')", { paddings, mode: "reflect" }),
  one("PadV2", "np.pad(x, [(1, 2), (0, 3)], constant_values=7)", { paddings, constantValue: 7 }),
  one("Reverse", "x[:, ::-1]", { dims: [1] }),
  one("Slice", "x[1:3, 2:]", { begin: [1, 2], size: [2, -1] }),
  one("StridedSlice", "x[3:0:-2, 1:6:2]", {
    ...{ begin: [3, 1], end: [0, 6], strides: [-2, 2] },
    ...{ beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 },
  }),
  one("Tile", "np.tile(x, (2, 3))", { reps: [2, 3] }),
  one("Transpose", "x.T", { perm: [1, 0] }),
  list("Concat", "np.concatenate([_0, _1], 1)", { axis: 1 }),
  list("Pack", "np.stack([_0, _1], 1)", { axis: 1 }),
  { kernel: "Unpack", inputs: { value: square }, attrs: { axis: 0 }, numpy: ["value[0]", "value[1]"] },
  { kernel: "SplitV", inputs: { x }, attrs: { numOrSizeSplits: [1, 3], axis: 0 }, numpy: ["x[:1]", "x[1:]"] },
  {
    ...{ kernel: "ScatterNd", inputs: { indices, updates: three }, attrs: { shape: [4] } },
    numpy: ["np.array([0, updates[0] + updates[2], 0, updates[1]])"],
  },
  {
    ...{ kernel: "SparseToDense", attrs: { outputShape: [4] } },
    inputs: { sparseIndices: distinct, sparseValues: three, defaultValue: complex(1, 2) },
    numpy: ["np.array([sparseValues[2], sparseValues[0], defaultValue, sparseValues[1]])"],
  },
  {
    ...{ kernel: "TensorScatterUpdate", inputs: { tensor: row, indices: distinct, updates: three } },
    numpy: ["np.array([updates[2], updates[0], tensor[2], updates[1], tensor[4], tensor[5]])"],
  },
  {
    ...{ kernel: "DepthToSpace", native: "rearrange", attrs: { blockSize: 2, dataFormat: "NHWC" } },
    inputs: { x: x.reshape([1, 2, 3, 4]) },
    numpy: ["x.reshape(2, 3, 2, 2).transpose(0, 2, 1, 3).reshape(1, 4, 6, 1)"],
  },
];

describe.skipIf(!hasNumpy)("against NumPy", () => {
  const expected = hasNumpy
    ? numpy(cases.flatMap(({ inputs, numpy }) => numpy.map((expression) => ({ expression, inputs }))))
    : [];
  let next = 0;
  for (const { kernel, inputs, attrs, numpy } of cases) {
    const from = next;
    next += numpy.length;
    test(`${kernel}: ${numpy.join(", ")}`, () => {
      const result = engine().runKernel(kernel, inputs, attrs as never) as Tensor | Tensor[];
      const results = Array.isArray(result) ? result : [result];
      expect(results).toHaveLength(numpy.length);
      for (const [i, part] of results.entries()) expectNumpy(part, expected[from + i]);
    });
  }
});

test("the list of kernels that take complex numbers is what is tested here, and each exists", () => {
  const tested = cases.map(({ kernel, native = kernel }) => native);
  expect([...complexKernels].sort()).toEqual([...new Set(tested)].sort());
  const addon = loadAddon();
  expect([...complexKernels].filter((name) => typeof addon[name] !== "function")).toEqual([]);
});
