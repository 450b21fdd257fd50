import { registerComposed } from "../registerComposed.js";
import { avgPool, ones, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from "../tensor.js";
import type { BatchNormAttrs } from "./batchNormKernels.js";
import {
  BatchNormAddTraining,
  BatchNormAddTrainingGrad,
  BatchNormTraining,
  BatchNormTrainingGrad,
} from "./kernelNames.js";

type Forward = Record<"x" | "residual", Tensor> & Record<"scale" | "offset", Tensor1D>;
type Backward = Record<"dy" | "x" | "y", Tensor> & Record<"scale" | "offset" | "mean" | "variance", Tensor1D>;

/** Registers the kernels of batch normalization, composed of tfjs operations, for an engine that has none of its own. */
export function registerComposedBatchNorm(backendName: string): void {
  registerComposed<Forward, BatchNormAttrs>(backendName, BatchNormTraining, (inputs, { epsilon, relu }) => {
    const [y, mean, variance] = forward(inputs, epsilon);
    return [relu ? y.relu() : y, mean, variance];
  });
  registerComposed<Backward, BatchNormAttrs>(
    backendName,
    BatchNormTrainingGrad,
    ({ dy, ...inputs }, { epsilon, relu }) =>
      backward({ ...inputs, dy: relu ? dy.mul(result(inputs, epsilon).step()) : dy }, epsilon),
  );
  registerComposed<Forward, BatchNormAttrs>(backendName, BatchNormAddTraining, (inputs, { epsilon }) => {
    const [y, mean, variance] = forward(inputs, epsilon);
    return [y.add(inputs.residual).relu(), mean, variance];
  });
  registerComposed<Backward, BatchNormAttrs>(
    backendName,
    BatchNormAddTrainingGrad,
    ({ dy, ...inputs }, { epsilon }) => {
      const masked = dy.mul(inputs.y.step());
      return [...backward({ ...inputs, dy: masked }, epsilon), masked];
    },
  );
}

function forward({ x, scale, offset }: Omit<Forward, "residual">, epsilon: number): [Tensor, Tensor1D, Tensor1D] {
  const rows = asRows(x);
  const mean = meanOfChannels(rows, scale.size);
  const variance = meanOfChannels(rows.sub<Tensor2D>(asRow(mean, rows)).square(), scale.size);
  return [result({ x, scale, offset, mean, variance }, epsilon), mean, variance];
}

/** What normalization by given statistics makes of x. */
function result({ x, scale, offset, mean, variance }: Omit<Backward, "dy" | "y">, epsilon: number): Tensor {
  const rows = asRows(x);
  const factor = scale.mul<Tensor1D>(variance.add(epsilon).rsqrt());
  const y = rows.mul(asRow(factor, rows)).add(asRow(offset.sub(mean.mul(factor)), rows));
  return y.reshape(x.shape);
}

/** dx = factor · (dy − mean(dy) − x̂ · mean(dy · x̂)), gathered into one product and sum per operand. */
function backward({ dy, x, scale, mean, variance }: Omit<Backward, "y" | "offset">, epsilon: number): Tensor[] {
  const [rows, dRows] = [asRows(x), asRows(dy)];
  const count = x.size / scale.size;
  const inverse = variance.add(epsilon).rsqrt();
  const meanDy = meanOfChannels(dRows, scale.size);
  const meanDyX = meanOfChannels(dRows.mul(rows.sub(asRow(mean, rows))), scale.size).mul<Tensor1D>(inverse);
  const factor = scale.mul<Tensor1D>(inverse);
  const ofX = factor.mul(inverse).mul<Tensor1D>(meanDyX).neg<Tensor1D>();
  const constant = factor.mul(meanDy).add<Tensor1D>(ofX.mul(mean)).neg<Tensor1D>();
  const dx = dRows
    .mul(asRow(factor, rows))
    .add(rows.mul(asRow(ofX, rows)))
    .add(asRow(constant, rows));
  return [dx.reshape(x.shape), meanDyX.mul(count), meanDy.mul(count)];
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
 * Mean over all axes but the last by average pooling, on wasm five times as fast as products with a row of ones and
 * more than ten times as fast as `mean`. First over the positions, then over the batch, so that rounding errors stay
 * those of short sums.
 */
function meanOfChannels(rows: Tensor2D, channels: number): Tensor1D {
  const [n, row] = rows.shape;
  const positions = row / channels;
  const perImage = avgPool(rows.reshape<Tensor4D>([n, positions, 1, channels]), [positions, 1], 1, "valid");
  return avgPool(perImage.reshape<Tensor4D>([1, n, 1, channels]), [n, 1], 1, "valid").as1D();
}
