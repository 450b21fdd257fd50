import { engine, type NamedTensorMap, registerGradient, type Tensor, type Tensor1D, tidy } from "../tensor.js";
import { BatchNormTraining, BatchNormTrainingGrad } from "./kernelNames.js";

/** A batch after normalization and the statistics it was normalized with. */
interface BatchNormResult {
  /** [..., C], as the input. */
  readonly y: Tensor;
  /** Mean over all axes but the last, [C]; carries no gradient. */
  readonly mean: Tensor1D;
  /** Biased variance over all axes but the last, [C]; carries no gradient. */
  readonly variance: Tensor1D;
}

registerGradient({
  kernelName: BatchNormTraining,
  inputsToSave: ["x", "scale"],
  outputsToSave: [false, true, true],
  gradFunc: (dys, [x, scale, mean, variance], attributes) => {
    const [dy] = dys as Tensor[];
    const inputs = { dy, x, scale, mean, variance } as NamedTensorMap;
    const [dx, dScale, dOffset] = engine().runKernel(BatchNormTrainingGrad, inputs, attributes) as Tensor[];
    return { x: () => dx as Tensor, scale: () => dScale as Tensor, offset: () => dOffset as Tensor };
  },
});

/**
 * Batch normalization with the statistics of the batch itself, as in training:
 * y = scale · (x − mean) / √(variance + epsilon) + offset, per channel. Ioffe & Szegedy 2015 (arXiv:1502.03167), Alg. 1.
 * One kernel forwards and one backwards, with the gradient in closed form.
 *
 * @param x [..., C]
 * @param scale gamma, [C]
 * @param offset beta, [C]
 * @param epsilon added to the variance
 */
export function batchNormTraining(x: Tensor, scale: Tensor1D, offset: Tensor1D, epsilon: number): BatchNormResult {
  return tidy(() => {
    const inputs = { x, scale, offset } as unknown as NamedTensorMap;
    const outputs = engine().runKernel(BatchNormTraining, inputs, { varianceEpsilon: epsilon }) as unknown;
    const [y, mean, variance] = outputs as [Tensor, Tensor1D, Tensor1D];
    return { y, mean, variance };
  });
}
