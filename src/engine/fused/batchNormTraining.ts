import {
  engine,
  type NamedAttrMap,
  type NamedTensorMap,
  registerGradient,
  type Tensor,
  type Tensor1D,
  tidy,
} from "../tensor.js";
import type { BatchNormAttrs } from "./batchNormKernels.js";
import {
  BatchNormAddTraining,
  BatchNormAddTrainingGrad,
  BatchNormTraining,
  BatchNormTrainingGrad,
} from "./kernelNames.js";

/** A batch after normalization and the statistics it was normalized with. */
interface BatchNormResult {
  /** [..., C], as the input. */
  readonly y: Tensor;
  /** Mean over all axes but the last, [C]; carries no gradient. */
  readonly mean: Tensor1D;
  /** Biased variance over all axes but the last, [C]; carries no gradient. */
  readonly variance: Tensor1D;
}

/** What {@link batchNormTraining} does. */
interface BatchNormOptions {
  /** Added to the variance. */
  readonly epsilon: number;
  /** Whether negative results become 0; default `false`. */
  readonly relu?: boolean;
  /** Added to what was normalized, before relu; of the shape of x. Asks for `relu`. */
  readonly residual?: Tensor | undefined;
}

registerGradient({
  kernelName: BatchNormTraining,
  inputsToSave: ["x", "scale", "offset"],
  outputsToSave: [false, true, true],
  gradFunc: (dys, [x, scale, offset, mean, variance], attributes) => {
    const inputs = { dy: (dys as Tensor[])[0], x, scale, offset, mean, variance } as NamedTensorMap;
    const [dx, dScale, dOffset] = engine().runKernel(BatchNormTrainingGrad, inputs, attributes) as Tensor[];
    return { x: () => dx as Tensor, scale: () => dScale as Tensor, offset: () => dOffset as Tensor };
  },
});

registerGradient({
  kernelName: BatchNormAddTraining,
  inputsToSave: ["x", "scale", "offset"],
  outputsToSave: [true, true, true],
  gradFunc: (dys, [x, scale, offset, y, mean, variance], attributes) => {
    const inputs = { dy: (dys as Tensor[])[0], x, scale, offset, y, mean, variance } as NamedTensorMap;
    const [dx, dScale, dOffset, dResidual] = engine().runKernel(
      BatchNormAddTrainingGrad,
      inputs,
      attributes,
    ) as Tensor[];
    return {
      x: () => dx as Tensor,
      scale: () => dScale as Tensor,
      offset: () => dOffset as Tensor,
      residual: () => dResidual as Tensor,
    };
  },
});

/**
 * Batch normalization with the statistics of the batch itself, as in training:
 * y = scale · (x − mean) / √(variance + epsilon) + offset, per channel. Ioffe & Szegedy 2015 (arXiv:1502.03167), Alg. 1.
 * One kernel forwards and one backwards, with the gradient in closed form, together with what follows in residual
 * networks: relu(y), relu(y + residual). Backwards, relu alone is told again from x, so that only x is kept.
 *
 * @param x [..., C]
 * @param scale gamma, [C]
 * @param offset beta, [C]
 */
export function batchNormTraining(
  x: Tensor,
  scale: Tensor1D,
  offset: Tensor1D,
  options: BatchNormOptions,
): BatchNormResult {
  const { epsilon, relu = false, residual } = options;
  if (residual && !relu) throw new Error("batchNormTraining: a residual asks for relu");
  return tidy(() => {
    const attributes: BatchNormAttrs = { epsilon, relu };
    const inputs = { x, scale, offset, ...(residual && { residual }) } as unknown as NamedTensorMap;
    const outputs = engine().runKernel(
      residual ? BatchNormAddTraining : BatchNormTraining,
      inputs,
      attributes as unknown as NamedAttrMap,
    ) as unknown;
    const [y, mean, variance] = outputs as [Tensor, Tensor1D, Tensor1D];
    return { y, mean, variance };
  });
}
