import { describe, expect, test } from "vitest";
import { shapes } from "../../src/data/index.js";
import { smallResNet } from "../../src/encoders/index.js";
import { engine, withPrecision } from "../../src/engine/index.js";
import {
  conv2d,
  grads,
  matMul,
  memory,
  randomNormal,
  relu,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from "../../src/engine/tensor.js";
import { start } from "../../src/engine/torch/index.js";
import { simclr } from "../../src/methods/index.js";
import { pretrain, fit as train } from "../../src/training/index.js";
import { policies } from "../../src/views/index.js";

await engine.use();
const onTorch = engine.current().name === "torch";
const values = (x: Tensor) => Array.from(x.dataSync());
const images = () => randomNormal([2, 6, 6, 3], 0, 1, "float32", 1) as Tensor4D;
const filters = () => randomNormal([3, 3, 3, 8], 0, 1, "float32", 2) as Tensor4D;

/** Whether all values have at most the 8 bits of mantissa of bfloat16. */
function areRounded(x: Tensor): boolean {
  const bits = new Uint32Array(Float32Array.from(values(x)).buffer);
  return bits.every((word) => (word & 0xffff) === 0);
}

const largestError = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, index) => Math.abs(value - (b[index] as number))));

describe.runIf(onTorch)("withPrecision bfloat16", () => {
  test("computes convolutions in bfloat16 inside only, and reads them back as float32", () => {
    const exact = conv2d(images(), filters(), 1, 1);
    const reduced = withPrecision("bfloat16", () => conv2d(images(), filters(), 1, 1));
    expect(reduced.dtype).toBe("float32");
    expect(reduced.dataSync()).toBeInstanceOf(Float32Array);
    expect(areRounded(reduced)).toBe(true);
    expect(areRounded(exact)).toBe(false);
    // operands and result are off by 2^-9 of their size at most; sums of 27 products
    expect(largestError(values(reduced), values(exact))).toBeLessThan(0.1);
    expect(values(conv2d(images(), filters(), 1, 1))).toEqual(values(exact));
  });

  test("leaves what comes out to float32 arithmetic", () => {
    const reduced = withPrecision("bfloat16", () => conv2d(images(), filters(), 1, 1));
    expect(areRounded(reduced.add(reduced.mul(1.001)))).toBe(false);
    expect(areRounded(conv2d(reduced, randomNormal([1, 1, 8, 4], 0, 1, "float32", 3) as Tensor4D, 1, 0))).toBe(false);
  });

  test("keeps matrix products of float32 tensors in float32: losses stay exact", () => {
    const x = randomNormal([16, 32], 0, 1, "float32", 4) as Tensor2D;
    const inside = withPrecision("bfloat16", () => matMul(x, x, false, true));
    expect(values(inside)).toEqual(values(matMul(x, x, false, true)));
  });

  test("float32 inside bfloat16 computes in float32, and an error ends the scope", () => {
    const exact = values(conv2d(images(), filters(), 1, 1));
    const nested = withPrecision("bfloat16", () => withPrecision("float32", () => conv2d(images(), filters(), 1, 1)));
    expect(values(nested)).toEqual(exact);
    const failing = () =>
      withPrecision("bfloat16", () => {
        throw new Error("stop");
      });
    expect(failing).toThrow("stop");
    expect(values(conv2d(images(), filters(), 1, 1))).toEqual(exact);
  });

  test("gives gradients close to float32's and counts tensors as float32 does", () => {
    const inputs = [images(), filters()];
    const gradients = () =>
      grads((x: Tensor, w: Tensor) =>
        relu(conv2d(x as Tensor4D, w as Tensor4D, 1, 1))
          .square()
          .mean(),
      )(inputs);
    const exact = gradients().map(values);
    const before = memory();
    const reduced = withPrecision("bfloat16", gradients);
    expect(memory().numTensors - before.numTensors).toBe(2);
    expect(memory().numBytes - before.numBytes).toBe(4 * (inputs[0]?.size ?? 0) + 4 * (inputs[1]?.size ?? 0));
    for (const [index, gradient] of reduced.entries()) {
      const wanted = exact[index] as number[];
      expect(largestError(values(gradient), wanted)).toBeLessThan(0.02 * Math.max(...wanted.map(Math.abs)));
    }
  });
});

describe("training with precision", () => {
  const data = shapes({ count: 64, size: 16, seed: 1 });
  const method = () => {
    const encoder = smallResNet({ imageShape: [16, 16, 3], seed: 0, projector: { hidden: 16, dimensions: 16 } });
    return simclr({ encoder, policies: [policies.none(), policies.none()] });
  };
  const options = { steps: 12, batchSize: 32, learningRate: 2 } as const;

  test.runIf(onTorch)("learns in bfloat16 as in float32, close to it, with weights of float32", async () => {
    const losses = { float32: [] as number[], bfloat16: [] as number[] };
    for (const precision of ["float32", "bfloat16"] as const) {
      const trained = method();
      for await (const { loss } of pretrain(trained, data, { ...options, precision })) losses[precision].push(loss);
      const [kernel] = trained.encoder.trainableVariables();
      expect(areRounded(kernel as Tensor)).toBe(false);
    }
    const [first, last] = [losses.bfloat16[0] as number, losses.bfloat16.at(-1) as number];
    expect(Math.abs(first - (losses.float32[0] as number))).toBeLessThan(0.02);
    expect(last).toBeLessThan(first - 0.2);
    expect(Math.abs(last - (losses.float32.at(-1) as number))).toBeLessThan(0.1);
    expect(losses.bfloat16).not.toEqual(losses.float32);
  });

  test.runIf(onTorch)("records the precision", async () => {
    const write = process.stderr.write;
    process.stderr.write = () => true; // the progress bar
    const record = async (precision: "float32" | "bfloat16") =>
      (await train(method(), data, { ...options, steps: 1, precision })).provenance.configurationHash;
    const hashes = [await record("float32"), await record("bfloat16")];
    process.stderr.write = write;
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  test("names the engine that cannot, and the way out", async () => {
    await engine.use("wasm");
    const message = 'bfloat16 asks for the engine torch, got wasm; call engine.use("torch"), or use float32';
    expect(() => withPrecision("bfloat16", () => [])).toThrow(`withPrecision: ${message}`);
    expect(withPrecision("float32", () => tidy(() => images().sum())).size).toBe(1);
    const training = pretrain(method(), data, { ...options, precision: "bfloat16" });
    await expect(training.next()).rejects.toThrow(`pretrain: ${message}`);
    const wrong = () => withPrecision("float16" as "float32", () => []);
    expect(wrong).toThrow('withPrecision: precision must be one of "float32", "bfloat16", got "float16"');
    if (onTorch) await start();
  });
});
