import { expect, test } from "vitest";
import { capture } from "../../../src/engine/capture.js";
import { randomNormal, type Scalar, type Tensor, variable, variableGrads } from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";

// On a GPU this records a true CUDA graph; scripts/gpu-check.sh runs it there. Elsewhere the engine says why it cannot.
const { device } = await start();

test.runIf(device === "cpu")("what cannot record says why", () => {
  const reason = loadAddon().about().graphs
    ? "a step can be recorded on CUDA only"
    : "this build of the native engine cannot";
  expect(() => loadAddon().recordBegin()).toThrow(`record: ${reason}`);
});

test.skipIf(device === "cpu")("a CUDA graph gives the values and gradients of the step, call by call", () => {
  expect(loadAddon().about().graphs).toBe(true);
  const weights = variable(randomNormal([16, 8], 0, 1, "float32", 1));
  const step = (x: Tensor) => {
    const { value, grads } = variableGrads(() => x.matMul(weights).tanh().square().mean() as Scalar, [weights]);
    return [value, grads[weights.name] as Tensor];
  };
  const captured = capture(step);
  for (let seed = 1; seed < 8; seed++) {
    const x = randomNormal([32, 16], 0, 1, "float32", seed);
    const [value, gradient] = captured(x) as [Tensor, Tensor];
    const [wantedValue, wantedGradient] = step(x) as [Tensor, Tensor];
    expect(value.sub(wantedValue).abs().max().dataSync()[0]).toBeLessThan(1e-5);
    expect(gradient.sub(wantedGradient).abs().max().dataSync()[0]).toBeLessThan(1e-5);
    weights.assign(weights.sub(gradient.mul(0.1)));
  }
  captured.dispose();
});
