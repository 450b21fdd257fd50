import { beforeAll, describe, expect, test } from "vitest";
import { moveVariables, sgdUpdate } from "../../../src/engine/fused/index.js";
import { MoveTowards, SgdUpdate } from "../../../src/engine/fused/kernelNames.js";
import { engine } from "../../../src/engine/index.js";
import {
  memory,
  randomNormal,
  type Tensor,
  tensor,
  type Variable,
  variable,
  zeros,
  zerosLike,
} from "../../../src/engine/tensor.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";
import { withoutKernels } from "./withoutKernels.js";

const options = { learningRate: 0.1, momentum: 0.9 };
const shapes = [[3, 3, 5, 7], [7], [1], [130, 260]]; // less than a part of work, and several
const normal = (shape: number[], seed: number) => randomNormal(shape, 0, 1, "float32", seed);
const values = (tensors: readonly Tensor[]) => tensors.map((of) => Array.from(of.dataSync()));

function states() {
  return shapes.map((shape, index) => {
    const weight = variable(normal(shape, 1 + index));
    return { weight, velocity: variable(normal(shape, 10 + index)), decay: shape.length > 1 ? 0.01 : 0 };
  });
}

const gradients = () => shapes.map((shape, index) => normal(shape, 20 + index));

beforeAll(async () => {
  await engine.use("torch");
});

describe("sgdUpdate", () => {
  test("is the composed form to the bit", () => {
    const [fused, composed] = [states(), states()];
    for (let step = 0; step < 3; step++) {
      sgdUpdate(fused, gradients(), options);
      withoutKernels([SgdUpdate], () => sgdUpdate(composed, gradients(), options));
    }
    expect(values(fused.map(({ weight }) => weight))).toEqual(values(composed.map(({ weight }) => weight)));
    expect(values(fused.map(({ velocity }) => velocity))).toEqual(values(composed.map(({ velocity }) => velocity)));
  });

  test("leaves alone who shares a variable's values", async () => {
    const weight = variable(tensor([1, 2, 3, 4]));
    const velocity = variable(zerosLike(weight));
    const [clone, square] = [weight.clone(), weight.reshape([2, 2])];
    const doubled = square.mul(2); // the values are now known under two shapes
    const underWay = weight.data();
    const update = () => sgdUpdate([{ weight, velocity, decay: 0 }], [tensor([1, 1, 1, 1])], options);
    update();
    expect(Array.from(await underWay)).toEqual([1, 2, 3, 4]);
    for (const shared of [clone, square]) expect(Array.from(shared.dataSync())).toEqual([1, 2, 3, 4]);
    expect(Array.from(doubled.dataSync())).toEqual([2, 4, 6, 8]);
    const later = weight.reshape([4, 1]).mul(1); // the variable itself is now known under two shapes
    update();
    const moved = [1, 2, 3, 4].map((value) => Math.fround(Math.fround(value - 0.1) - 0.19));
    for (const [at, value] of moved.entries()) expect(weight.dataSync()[at]).toBeCloseTo(value, 6);
    expect(later.dataSync()[0]).toBeCloseTo(0.9, 6);
  });

  test("leaves alone a variable that was given the same values", () => {
    const [weight, other] = [variable(tensor([1, 2, 3, 4])), variable(zeros([4]))];
    const velocity = variable(zeros([4]));
    other.assign(weight.clone()); // as a teacher starts from its student
    sgdUpdate([{ weight, velocity, decay: 0 }], [tensor([1, 1, 1, 1])], options);
    expect(Array.from(other.dataSync())).toEqual([1, 2, 3, 4]);
    other.assign(weight.clone());
    const before = Array.from(weight.dataSync());
    moveVariables([other], [variable(zeros([4]))], 0.5);
    expect(Array.from(weight.dataSync())).toEqual(before);
  });

  test("leaves alone results that libtorch made without a copy", () => {
    const weight = variable(tensor([[1, 2, 3]]));
    const column = weight.transpose(); // same order in memory
    const velocity = variable(zerosLike(weight));
    sgdUpdate([{ weight, velocity, decay: 0 }], [tensor([[1, 1, 1]])], options);
    expect(Array.from(column.dataSync())).toEqual([1, 2, 3]);
  });

  test("takes no memory where nobody shares, and leaves no tensor behind", () => {
    const all = states();
    const slopes = gradients();
    sgdUpdate(all, slopes, options);
    const before = [memory().numTensors, memory().numDataBuffers, loadAddon().memory()];
    sgdUpdate(all, slopes, options);
    expect([memory().numTensors, memory().numDataBuffers, loadAddon().memory()]).toEqual(before);
  });

  test("names shapes that do not fit", () => {
    const weight = variable(tensor([1, 2]));
    const state = { weight, velocity: variable(zerosLike(weight)), decay: 0 };
    expect(() => sgdUpdate([state], [tensor([1, 2, 3])], options)).toThrow(
      "SgdUpdate: weights and gradients must have the same shapes, got [2] and [3]",
    );
  });
});

describe("moveVariables", () => {
  test("is the composed form, and leaves the source alone", () => {
    const of = (from: number): Variable[] => shapes.map((shape, index) => variable(normal(shape, from + index)));
    const [fused, composed, sources] = [of(1), of(1), of(30)];
    moveVariables(fused, sources, 0.99);
    withoutKernels([MoveTowards], () => moveVariables(composed, sources, 0.99));
    expect(values(fused)).toEqual(values(composed));
    expect(values(sources)).toEqual(values(of(30)));
  });

  test("of a variable towards itself keeps it", () => {
    const target = variable(tensor([1, 2, 3]));
    moveVariables([target], [target], 0.5);
    expect(Array.from(target.dataSync())).toEqual([1, 2, 3]);
  });
});
