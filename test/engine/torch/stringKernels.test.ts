import { expect, test } from "vitest";
import { concat, engine, memory, type Tensor, tensor, tensor1d, tensor2d } from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";

// Every kernel that moves or compares strings.
await start();

const words = tensor2d(["b", "", "ä", "c", "日本", "b"], [2, 3], "string");
const others = tensor2d(["x", "y", "z", "u", "v", "w"], [2, 3], "string");
const letters = tensor1d(["p", "q"], "string");
const condition = tensor2d([1, 0, 0, 0, 1, 1], [2, 3], "bool");
const indices = tensor1d([2, 0], "int32");
const cells = tensor2d([1, 1, 0, 0], [2, 2], "int32");
const noMasks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
const whole = { begin: [0, 0], end: [2, 3], strides: [1, 1], ...noMasks };
const backwards = { begin: [1, 2], end: [0, 0], strides: [-1, -1], ...noMasks };
const x = words;
const b = tensor("b");
const sparse = { sparseIndices: indices, sparseValues: letters, defaultValue: b };

/** Kernel, inputs, attributes; of each result the shape and the values. */
type Case = [kernel: string, inputs: object, attrs: object, ...results: [shape: number[], values: string][]];

const cases: readonly Case[] = [
  ["Concat", { 0: words, 1: others }, { axis: 1 }, [[2, 6], "b,,ä,x,y,z,c,日本,b,u,v,w"]],
  ["Pack", { 0: words, 1: others }, { axis: 0 }, [[2, 2, 3], "b,,ä,c,日本,b,x,y,z,u,v,w"]],
  ["Unpack", { value: words }, { axis: 0 }, [[3], "b,,ä"], [[3], "c,日本,b"]],
  ["SplitV", { x }, { numOrSizeSplits: [1, 2], axis: 1 }, [[2, 1], "b,c"], [[2, 2], ",ä,日本,b"]],
  ["Tile", { x }, { reps: [1, 2] }, [[2, 6], "b,,ä,b,,ä,c,日本,b,c,日本,b"]],
  ["Reverse", { x }, { dims: [1] }, [[2, 3], "ä,,b,b,日本,c"]],
  ["Transpose", { x }, { perm: [1, 0] }, [[3, 2], "b,c,,日本,ä,b"]],
  ["Slice", { x }, { begin: [0, 1], size: [2, -1] }, [[2, 2], ",ä,日本,b"]],
  ["StridedSlice", { x }, whole, [[2, 3], "b,,ä,c,日本,b"]],
  ["StridedSlice", { x }, backwards, [[1, 2], "b,日本"]],
  ["GatherV2", { x, indices }, { axis: 1, batchDims: 0 }, [[2, 2], "ä,b,b,c"]],
  ["GatherNd", { params: words, indices: cells }, {}, [[2], "日本,b"]],
  ["Select", { condition, t: words, e: others }, {}, [[2, 3], "b,y,z,u,日本,b"]],
  [
    "MirrorPad",
    { x },
    {
      paddings: [
        [0, 0],
        [1, 0],
      ],
      mode: "reflect",
    },
    [[2, 4], ",b,,ä,日本,c,日本,b"],
  ],
  ["SparseToDense", sparse, { outputShape: [4] }, [[4], "q,b,p,b"]],
  ["TensorScatterUpdate", { tensor: words, indices: cells, updates: letters }, {}, [[2, 3], "q,,ä,c,p,b"]],
  ["Unique", { x: words.reshape([6]) }, { axis: 0 }, [[5], "b,,ä,c,日本"], [[6], "0,1,2,3,4,0"]],
  ["Unique", { x: concat([words, words], 1) }, { axis: 1 }, [[2, 3], "b,,ä,c,日本,b"], [[6], "0,1,2,0,1,2"]],
  ["Equal", { a: words, b }, {}, [[2, 3], "1,0,0,0,0,1"]],
  ["NotEqual", { a: words, b: words }, {}, [[2, 3], "0,0,0,0,0,0"]],
  ["Greater", { a: words, b }, {}, [[2, 3], "0,0,1,1,1,0"]],
  ["GreaterEqual", { a: words, b }, {}, [[2, 3], "1,0,1,1,1,1"]],
  ["Less", { a: words, b }, {}, [[2, 3], "0,1,0,0,0,0"]],
  ["LessEqual", { a: words, b }, {}, [[2, 3], "1,1,0,0,0,1"]],
  ["Reshape", { x }, { shape: [3, 2] }, [[3, 2], "b,,ä,c,日本,b"]],
  ["ExpandDims", { input: words }, { dim: 0 }, [[1, 2, 3], "b,,ä,c,日本,b"]],
  ["Identity", { x }, {}, [[2, 3], "b,,ä,c,日本,b"]],
];

function run(kernel: string, inputs: object, attrs: object): Tensor[] {
  const results = engine().runKernel(kernel, inputs as never, attrs as never) as Tensor | Tensor[];
  return Array.isArray(results) ? results : [results];
}

test.each(cases.map((it) => [it[0], it] as const))("%s", (_, [kernel, inputs, attrs, ...expected]) => {
  const addon = loadAddon();
  const before = { native: addon.memory().tensors, tfjs: memory().numTensors };
  const results = run(kernel, inputs, attrs);
  expect(results.map((result) => [result.shape, result.dataSync().join(",")])).toEqual(expected);
  for (const result of results) result.dispose();
  expect({ native: addon.memory().tensors, tfjs: memory().numTensors }).toEqual(before);
});

test("all values must be strings", () => {
  const call = () => run("Concat", { 0: words, 1: condition }, { axis: 0 });
  expect(call).toThrow("Concat: all values must be strings, got string, bool");
});

test("they fail as they do for numbers, and free what they took", () => {
  const before = loadAddon().memory().tensors;
  const call = () => run("GatherV2", { x, indices }, { axis: 0, batchDims: 0 });
  expect(call).toThrow("GatherV2: the index value 2 is not in [0, 1]");
  expect(loadAddon().memory().tensors).toBe(before);
});
