import { expect, test, vi } from "vitest";
import { capture } from "../../../src/engine/capture.js";
import {
  memory,
  randomNormal,
  type Scalar,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  variable,
  variableGrads,
} from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";

// No GPU is needed here: what records and replays is a stand-in, what is tested is all that JavaScript does around it.
vi.mock("../../../src/engine/torch/loader.js", async (original) => {
  const { loadAddon } = await original<typeof import("../../../src/engine/torch/loader.js")>();
  const { replayingAddon } = await import("./replayingAddon.js");
  const addon = replayingAddon(loadAddon());
  return { loadAddon: () => addon };
});
await start();

const batch = (seed: number) => randomNormal([6, 4], 0, 1, "float32", seed) as Tensor2D;

/** A training step with a running mean: reads one variable by its gradient, moves two others. */
function training() {
  const weights = variable(randomNormal([4, 2], 0, 1, "float32", 1));
  const mean = variable(tensor1d([0, 0]));
  const steps = variable(tensor1d([0], "int32"));
  let calls = 0;
  const step = (x: Tensor) => {
    calls++;
    const { value, grads } = variableGrads(() => {
      const y = x.matMul(weights);
      mean.assign(mean.mul(0.9).add(y.mean(0).mul(0.1)));
      steps.assign(steps.add(tensor1d([1], "int32")));
      return y.square().mean().sqrt() as Scalar;
    }, [weights]);
    return [value, grads[weights.name] as Tensor];
  };
  const update = (gradient: Tensor) => tidy(() => weights.assign(weights.sub(gradient.mul(0.1))));
  const state = () => [weights, mean, steps].map((v) => [...v.dataSync()]);
  return { step, update, state, calls: () => calls, dispose: () => [weights, mean, steps].map((v) => v.dispose()) };
}

test("a captured step gives what the step gives, call by call, though it runs three times only", () => {
  const plain = training();
  const other = training();
  const captured = capture((x) => tidy(() => other.step(x)));
  for (let seed = 10; seed < 17; seed++) {
    const x = batch(seed);
    const expected = plain.step(x);
    const actual = captured(x);
    expect(actual.map((y) => [...y.dataSync()])).toEqual(expected.map((y) => [...y.dataSync()]));
    plain.update(expected[1] as Tensor);
    other.update(actual[1] as Tensor);
    expect(other.state()).toEqual(plain.state());
    for (const tensor of [x, ...expected, ...actual]) tensor.dispose();
  }
  expect(plain.calls()).toBe(7);
  expect(other.calls()).toBe(3);
  captured.dispose();
  plain.dispose();
  other.dispose();
});

test("nothing is left over by calls, nor by dispose", () => {
  const model = training();
  const outside = tensor2d([[1, 2, 3, 4]]);
  const captured = capture((x) => tidy(() => model.step(x.add(outside))));
  tidy(() => void captured(batch(9))); // the variables leave the tensors they were made of
  const before = memory();
  const call = (seed: number) => tidy(() => void captured(batch(seed)));
  for (let seed = 0; seed < 4; seed++) call(seed);
  const recorded = memory();
  for (let seed = 4; seed < 8; seed++) call(seed);
  expect(memory().numTensors).toBe(recorded.numTensors);
  expect(memory().numDataBuffers).toBe(recorded.numDataBuffers);
  captured.dispose();
  expect(memory().numTensors).toBe(before.numTensors);
  expect(memory().numDataBuffers).toBe(before.numDataBuffers);
  outside.dispose();
  model.dispose();
});

test("data of others that the recording reads outlives its tensor", () => {
  const outside = tensor1d([10, 20]);
  const captured = capture((x) => [x.add(outside)]);
  const results = [1, 2, 3, 4].map((value) => {
    if (value === 4) outside.dispose();
    return [...(captured(tensor1d([value, value]))[0] as Tensor).dataSync()];
  });
  expect(results).toEqual([
    [11, 21],
    [12, 22],
    [13, 23],
    [14, 24],
  ]);
  captured.dispose();
});

test("other shapes and dtypes than those recorded are refused", () => {
  const captured = capture((x) => [x.mul(2)]);
  for (let i = 0; i < 3; i++) captured(batch(i));
  const said = "capture: input 0 must be float32 [6, 4], as it was recorded, got";
  expect(() => captured(batch(1).reshape([4, 6]))).toThrow(new RangeError(`${said} float32 [4, 6]`));
  expect(() => captured(batch(1).toInt())).toThrow(`${said} int32 [6, 4]`);
  expect(() => captured()).toThrow("capture: expected 1 inputs, got 0");
  captured.dispose();
});

test("a step that fails while it is recorded leaves the variables and can be recorded later", () => {
  const weight = variable(tensor1d([3]));
  let fails = true;
  const captured = capture((x) => {
    weight.assign(weight.add(x) as never);
    if (fails && weight.dataSync()[0] === 6) throw new Error("no");
    return [weight.clone()];
  });
  const one = tensor1d([1]);
  for (let i = 0; i < 2; i++) captured(one);
  expect(() => captured(one)).toThrow("capture: the step cannot be recorded: no");
  expect([...weight.dataSync()]).toEqual([5]);
  fails = false;
  expect([...(captured(one)[0] as Tensor).dataSync()]).toEqual([6]);
  expect([...weight.dataSync()]).toEqual([6]);
  captured.dispose();
  weight.dispose();
});
