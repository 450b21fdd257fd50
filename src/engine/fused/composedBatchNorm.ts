import { matMul, ones, registerKernel, type Tensor, type Tensor1D, type Tensor2D, tidy } from "../tensor.js";
import { BatchNormTraining, BatchNormTrainingGrad } from "./kernelNames.js";

interface Forward {
  readonly x: Tensor;
  readonly scale: Tensor1D;
  readonly offset: Tensor1D;
}

interface Backward {
  readonly dy: Tensor;
  readonly x: Tensor;
  readonly scale: Tensor1D;
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

/** Registers both batch normalization kernels, composed of tfjs operations, for an engine that has none of its own. */
export function registerComposedBatchNorm(backendName: string): void {
  const epsilonOf = (attrs: unknown) => (attrs as { varianceEpsilon: number }).varianceEpsilon;
  registerKernel({
    kernelName: BatchNormTraining,
    backendName,
    kernelFunc: ({ inputs, attrs }) => tidy(() => forward(inputs as unknown as Forward, epsilonOf(attrs))),
  });
  registerKernel({
    kernelName: BatchNormTrainingGrad,
    backendName,
    kernelFunc: ({ inputs, attrs }) => tidy(() => backward(inputs as unknown as Backward, epsilonOf(attrs))),
  });
}

function forward({ x, scale, offset }: Forward, epsilon: number): Tensor[] {
  const count = x.size / channels(x);
  const mean = sumOfChannels(x).div<Tensor1D>(count);
  const variance = sumOfChannels(x.sub(mean).square()).div<Tensor1D>(count);
  const factor = scale.mul(variance.add(epsilon).rsqrt());
  const y = x.mul(factor).add(offset.sub(mean.mul(factor)));
  return [y, mean, variance];
}

/** dx = factor · (dy − mean(dy) − x̂ · mean(dy · x̂)), gathered into one product and sum per operand. */
function backward({ dy, x, scale, mean, variance }: Backward, epsilon: number): Tensor[] {
  const count = x.size / channels(x);
  const inverse = variance.add(epsilon).rsqrt();
  const dOffset = sumOfChannels(dy);
  const dScale = sumOfChannels(dy.mul(x.sub(mean))).mul(inverse);
  const factor = scale.mul(inverse);
  const ofX = factor.mul(inverse).mul(dScale).div(-count);
  const constant = factor.mul(dOffset).div(-count).sub(ofX.mul(mean));
  const dx = dy.mul(factor).add(x.mul(ofX)).add(constant);
  return [dx, dScale, dOffset];
}

function channels(x: Tensor): number {
  return x.shape.at(-1) as number;
}

/**
 * Sum over all axes but the last, as products with a row of ones: eight times as fast as `sum` on wasm. First over
 * the batch, then over the positions, so that rounding errors stay those of short sums.
 */
function sumOfChannels(x: Tensor): Tensor1D {
  const [n = 1] = x.shape;
  const row = x.size / n;
  const overBatch = matMul(ones([1, n]), x.reshape([n, row]) as Tensor2D);
  const positions = row / channels(x);
  if (positions === 1) return overBatch.as1D();
  return matMul(ones([1, positions]), overBatch.reshape([positions, channels(x)]) as Tensor2D).as1D();
}
