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
  const rows = asRows(x);
  const count = x.size / scale.size;
  const mean = sumOfChannels(rows, scale).div<Tensor1D>(count);
  const variance = sumOfChannels(rows.sub<Tensor2D>(asRow(mean, rows)).square(), scale).div<Tensor1D>(count);
  const factor = scale.mul<Tensor1D>(variance.add(epsilon).rsqrt());
  const y = rows.mul(asRow(factor, rows)).add(asRow(offset.sub(mean.mul(factor)), rows));
  return [y.reshape(x.shape), mean, variance];
}

/** dx = factor · (dy − mean(dy) − x̂ · mean(dy · x̂)), gathered into one product and sum per operand. */
function backward({ dy, x, scale, mean, variance }: Backward, epsilon: number): Tensor[] {
  const [rows, dRows] = [asRows(x), asRows(dy)];
  const count = x.size / scale.size;
  const inverse = variance.add(epsilon).rsqrt();
  const dOffset = sumOfChannels(dRows, scale);
  const dScale = sumOfChannels(dRows.mul(rows.sub(asRow(mean, rows))), scale).mul(inverse);
  const factor = scale.mul<Tensor1D>(inverse);
  const ofX = factor.mul(inverse).mul(dScale).div<Tensor1D>(-count);
  const constant = factor.mul(dOffset).div(-count).sub<Tensor1D>(ofX.mul(mean));
  const dx = dRows
    .mul(asRow(factor, rows))
    .add(rows.mul(asRow(ofX, rows)))
    .add(asRow(constant, rows));
  return [dx.reshape(x.shape), dScale, dOffset];
}

/** One row per image: on wasm, operations with an operand that broadcasts take long where the common rows are short. */
function asRows(x: Tensor): Tensor2D {
  const [n = 1] = x.shape;
  return x.reshape([n, x.size / n]);
}

/** The values of the channels again for every position of a row. */
function asRow(values: Tensor1D, rows: Tensor2D): Tensor2D {
  const positions = (rows.shape[1] as number) / values.size;
  return ones([positions, 1])
    .mul<Tensor2D>(values)
    .reshape([1, positions * values.size]);
}

/**
 * Sum over all axes but the last, of as many channels as `like` has, as products with a row of ones: eight times as
 * fast as `sum` on wasm. First over the batch, then over the positions, so that rounding errors stay those of short sums.
 */
function sumOfChannels(rows: Tensor2D, like: Tensor1D): Tensor1D {
  const [n, row] = rows.shape;
  const overBatch = matMul(ones([1, n]), rows);
  const positions = row / like.size;
  if (positions === 1) return overBatch.as1D();
  return matMul(ones([1, positions]), overBatch.reshape([positions, like.size]) as Tensor2D).as1D();
}
