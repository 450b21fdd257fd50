import { beforeAll, describe, expect, test } from "vitest";
import { crossEntropyWithSlope, softmaxCrossEntropy } from "../../../src/engine/fused/index.js";
import { SoftmaxCrossEntropy, SoftmaxCrossEntropyGrad } from "../../../src/engine/fused/kernelNames.js";
import { engine } from "../../../src/engine/index.js";
import {
  randomNormal,
  type Scalar,
  softmax,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  valueAndGrad,
  valueAndGrads,
} from "../../../src/engine/tensor.js";
import { fixture, python } from "../../objectives/fixture.js";
import { expectNear } from "./differences.js";
import { withoutKernels } from "./withoutKernels.js";

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly temperature: number;
  /** Largest logits. */
  readonly size: number;
}

const cases: readonly Case[] = [
  { rows: 1, columns: 1, temperature: 1, size: 1 },
  { rows: 3, columns: 7, temperature: 1, size: 5 },
  { rows: 17, columns: 33, temperature: 0.1, size: 1 },
  { rows: 5, columns: 5000, temperature: 0.07, size: 1 },
  { rows: 300, columns: 10, temperature: 1, size: 200 },
  { rows: 4, columns: 19, temperature: 1000, size: 1 },
];

const logitsOf = ({ rows, columns, size }: Case) =>
  fixture(rows, 0.7, 1, 0.2, columns).map((row) => row.map((value) => Math.fround(value * size)));
const weightsOf = ({ rows, columns }: Case) =>
  fixture(rows, 0.3, 2, 0.9, columns).map((row) => row.map((value) => Math.fround(value * value)));
const labelsOf = ({ rows, columns }: Case) => Int32Array.from({ length: rows }, (_, row) => (row * 7 + 2) % columns);

interface Golden {
  readonly loss: number;
  readonly losses: number[];
  readonly gradient: number[];
}

/** By weights and by labels. */
function inPyTorch(): [Golden, Golden][] {
  return python(
    `
import json, sys, torch
import torch.nn.functional as F
def run(case, target):
    logits = torch.tensor(case["logits"], dtype=torch.float64, requires_grad=True)
    losses = F.cross_entropy(logits / case["temperature"], target, reduction="none")
    losses.mean().backward()
    return {"loss": losses.mean().item(), "losses": losses.tolist(), "gradient": logits.grad.flatten().tolist()}
print(json.dumps([
    [run(case, torch.tensor(case["weights"], dtype=torch.float64)), run(case, torch.tensor(case["labels"]))]
    for case in json.load(sys.stdin)]))`,
    cases.map((given) => ({
      logits: logitsOf(given),
      weights: weightsOf(given),
      labels: [...labelsOf(given)],
      temperature: given.temperature,
    })),
  );
}

const run = (logits: Tensor2D, target: Tensor1D | Tensor2D, temperature: number) =>
  valueAndGrad((x: Tensor) => softmaxCrossEntropy(x as Tensor2D, target, temperature))(logits);

describe.each(["torch", "wasm"])("softmax cross-entropy on %s", (name) => {
  beforeAll(async () => {
    await engine.use(name);
  });

  test("has PyTorch's value and gradient, for weights and for labels", () => {
    const golden = inPyTorch();
    for (const [index, given] of cases.entries()) {
      const logits = tensor2d(logitsOf(given));
      const targets = [tensor2d(weightsOf(given)), tensor1d(labelsOf(given), "int32")];
      for (const [kind, target] of targets.entries()) {
        const { loss, gradient } = (golden[index] as [Golden, Golden])[kind] as Golden;
        const { value, grad } = run(logits, target as Tensor2D, given.temperature);
        expect(Math.abs((value.dataSync()[0] as number) - loss) / (1 + loss), JSON.stringify(given)).toBeLessThan(2e-6);
        const unit = 1 / (given.temperature * given.rows);
        expectNear(grad, gradient, 5e-6 + (5e-7 * given.size) / given.temperature, unit);
      }
    }
  });

  test("tells the loss of each row and the slope of their sum", () => {
    const given = cases[1] as Case;
    const [golden] = inPyTorch()[1] as [Golden, Golden];
    const { losses, slope } = crossEntropyWithSlope(tensor2d(logitsOf(given)), tensor2d(weightsOf(given)));
    expectNear(losses, golden.losses, 1e-6);
    expectNear(
      slope,
      golden.gradient.map((value) => value * given.rows),
      1e-6,
    );
  });

  test("has a gradient by the target too", () => {
    const logits = tensor2d(fixture(4, 0.7, 1, 0, 6));
    const target = softmax(tensor2d(fixture(4, 0.4, 1, 1, 6)));
    const loss = (x: Tensor, w: Tensor) => softmaxCrossEntropy(x as Tensor2D, w as Tensor2D, 0.5).mul(2) as Scalar;
    const { grads } = valueAndGrads(loss)([logits, target]);
    const expected = logits
      .div(0.5)
      .logSoftmax()
      .mul(-2 / 4);
    expectNear(grads[1] as Tensor, expected.dataSync(), 1e-6);
  });

  test("lets NaN through", () => {
    const logits = tensor2d([[0, Number.NaN, 1]]);
    expect(run(logits, tensor1d([0], "int32"), 1).value.dataSync()[0]).toBeNaN();
    expect(run(logits, tensor2d([[1, 0, 0]]), 1).value.dataSync()[0]).toBeNaN();
  });
});

describe("softmax cross-entropy as a kernel", () => {
  beforeAll(async () => {
    await engine.use("torch");
  });

  test("equals the composed form", () => {
    const logits = randomNormal([50, 1000], 0, 3, "float32", 1) as Tensor2D;
    const target = softmax(randomNormal([50, 1000], 0, 1, "float32", 2)) as Tensor2D;
    const fused = run(logits, target, 0.5);
    const composed = withoutKernels([SoftmaxCrossEntropy, SoftmaxCrossEntropyGrad], () => run(logits, target, 0.5));
    expectNear(fused.value, composed.value.dataSync(), 1e-6);
    expectNear(fused.grad, composed.grad.dataSync(), 1e-5);
  });

  test("rejects targets that do not fit before it reads them", () => {
    const logits = tensor2d([[1, 2, 3]]);
    const call = (target: Tensor1D | Tensor2D) => () => softmaxCrossEntropy(logits, target);
    expect(call(tensor1d([3], "int32"))).toThrow("SoftmaxCrossEntropy: labels must be in [0, 3), got 3");
    expect(call(tensor1d([-1], "int32"))).toThrow("labels must be in [0, 3), got -1");
    expect(call(tensor1d([0, 1], "int32"))).toThrow("labels must be int32, one per row, got [2]");
    expect(call(tensor2d([[1, 0]]))).toThrow("target must have the shape of logits, got [1, 2]");
  });
});
