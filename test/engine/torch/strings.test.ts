import { describe, expect, test } from "vitest";
import {
  cast,
  concat,
  engine,
  equal,
  fill,
  mul,
  string,
  type Tensor,
  type Tensor1D,
  tensor,
  tensor1d,
  tensor2d,
} from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";

await start();

const words = tensor2d(["b", "", "ä", "c", "日本", "b"], [2, 3], "string");
const x = words;

function run(kernel: string, inputs: object, attrs: object): Tensor[] {
  const results = engine().runKernel(kernel, inputs as never, attrs as never) as Tensor | Tensor[];
  return Array.isArray(results) ? results : [results];
}

test("empty tensors and empty strings", () => {
  const none = tensor([], [0, 3], "string");
  expect(concat([none, words], 0).arraySync()).toEqual(words.arraySync());
  expect(equal(none, none).shape).toEqual([0, 3]);
  expect(fill([2], "").arraySync()).toEqual(["", ""]);
  expect(fill([0], "a").arraySync()).toEqual([]);
  expect(fill([1, 2], "é").arraySync()).toEqual([["é", "é"]]);
});

test("bytes that are no UTF-8 stay as they are, and differ", async () => {
  const bytes = [Uint8Array.of(0xff, 0x00, 0x80), Uint8Array.of(0xfe), new Uint8Array()];
  const x = tensor(bytes as never, [3], "string");
  const { indices, values } = {
    indices: run("Unique", { x }, { axis: 0 })[1],
    values: run("Reverse", { x }, { dims: [0] })[0],
  };
  expect(indices?.arraySync()).toEqual([0, 1, 2]);
  expect((await values?.bytes()) as unknown).toEqual([...bytes].reverse());
});

test("kernels that compute refuse strings", () => {
  expect(() => engine().runKernel("Multiply", { a: words, b: words })).toThrow(
    "Multiply: dtype string is not supported",
  );
  expect(() => engine().runKernel("Sum", { x }, { axis: [0], keepDims: false } as never)).toThrow("dtype string");
  expect(() => mul(words as never, 2)).toThrow("string");
  expect(() => engine().runKernel("ZerosLike", { x })).toThrow("ZerosLike: dtype string is not supported");
  expect(() => cast(words, "float32")).toThrow("must be numeric tensor, but got string tensor");
});

describe("kernels for text", () => {
  test("a regular expression replaces the first match or all", () => {
    const x = tensor1d(["a1b22", "", "äöü 3"], "string") as Tensor1D;
    expect(string.staticRegexReplace(x, "[0-9]", "#").arraySync()).toEqual(["a#b##", "", "äöü #"]);
    expect(string.staticRegexReplace(x, "[0-9]", "#", false).arraySync()).toEqual(["a#b22", "", "äöü #"]);
  });

  test("splitting gives sparse rows", () => {
    const { indices, values, shape } = string.stringSplit(
      tensor1d(["hello world", "a  b", ""], "string"),
      " ",
    ) as never as Record<string, Tensor>;
    expect(indices?.arraySync()).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    expect(values?.arraySync()).toEqual(["hello", "world", "a", "b"]);
    expect(shape?.arraySync()).toEqual([3, 2]);
    expect(() => run("StringSplit", { input: words, delimiter: tensor(" ") }, { skipEmpty: true })).toThrow(
      "Input must be a vector, got shape: 2,3",
    );
    expect(() =>
      run("StringSplit", { input: words.reshape([6]), delimiter: tensor1d([" "]) }, { skipEmpty: true }),
    ).toThrow("Delimiter must be a scalar, got shape: 1");
  });

  test("they take strings only", () => {
    const call = () => run("StringToHashBucketFast", { input: tensor1d([1]) }, { numBuckets: 2 });
    expect(call).toThrow("Input must be of datatype string");
  });

  test("n-grams with padding", () => {
    const data = tensor1d(["a", "b", "c", "d"], "string") as Tensor1D;
    const { nGrams, nGramsSplits } = string.stringNGrams(
      data,
      tensor1d([0, 3, 4], "int32"),
      "|",
      [2],
      "L",
      "R",
      -1,
      false,
    ) as never as Record<string, Tensor>;
    expect(nGrams?.arraySync()).toEqual(["L|a", "a|b", "b|c", "c|R", "L|d", "d|R"]);
    expect(nGramsSplits?.arraySync()).toEqual([0, 4, 6]);
  });

  test("buckets are TensorFlow's fingerprints", () => {
    const x = tensor1d(["Hello", "TensorFlow", "2.x"], "string") as Tensor1D;
    expect(string.stringToHashBucketFast(x, 3).arraySync()).toEqual([0, 2, 2]); // from TensorFlow's documentation
    expect(() => run("StringToHashBucketFast", { input: x }, { numBuckets: 0 })).toThrow(
      "Number of buckets must be at least 1",
    );
  });
});
