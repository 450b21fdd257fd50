import type {
  BatchNormAddGradInputs,
  BatchNormAddInputs,
  BatchNormAttrs,
  BatchNormGradInputs,
  BatchNormInputs,
} from "../../fused/batchNormKernels.js";
import {
  BatchNormAddTraining,
  BatchNormAddTrainingGrad,
  BatchNormTraining,
  BatchNormTrainingGrad,
} from "../../fused/kernelNames.js";
import {
  type FusedBatchNormAttrs,
  type KernelConfig,
  type LogSoftmaxAttrs,
  type SoftmaxAttrs,
  type TensorInfo,
  util,
} from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

type Statistics = Inputs<"x" | "mean" | "variance"> & Partial<Inputs<"scale" | "offset">>;

/** Softmax, batch normalization and gradients; those of training are Kontrast's own kernels, see engine/fused. */
export const normalization: KernelConfig[] = [
  kernel<Inputs<"logits">, SoftmaxAttrs>("Softmax", ({ torch, inputs, attrs }) =>
    torch.call("Softmax", inputs.logits, attrs.dim),
  ),
  kernel<Inputs<"logits">, LogSoftmaxAttrs>("LogSoftmax", ({ torch, inputs, attrs }) =>
    torch.call("LogSoftmax", inputs.logits, attrs.axis),
  ),
  kernel<Statistics, FusedBatchNormAttrs>("FusedBatchNorm", ({ torch, inputs, attrs }) => {
    const { x, mean, variance, scale, offset } = inputs;
    return torch.call("FusedBatchNorm", x, mean, variance, scale, offset, attrs.varianceEpsilon);
  }),
  kernel<Inputs<"dy" | "y">>("ReluGrad", ({ torch, inputs: { dy, y } }) => torch.call("ReluGrad", dy, y)),
  ...[BatchNormTraining, BatchNormAddTraining].map((name) =>
    kernel<Partial<BatchNormAddInputs> & BatchNormInputs, BatchNormAttrs>(name, ({ torch, inputs, attrs }) => {
      const { x, scale, offset, residual } = inputs;
      checkShapes(name, x, [residual], [scale, offset]);
      return torch.callMany("BatchNormTraining", x, scale, offset, residual, attrs.relu, attrs.epsilon);
    }),
  ),
  ...[BatchNormTrainingGrad, BatchNormAddTrainingGrad].map((name) =>
    kernel<Partial<BatchNormAddGradInputs> & BatchNormGradInputs, BatchNormAttrs>(name, ({ torch, inputs, attrs }) => {
      const { dy, x, y, scale, offset, mean, variance } = inputs;
      checkShapes(name, x, [dy, y], [scale, offset, mean, variance]);
      const tensors = [dy, x, y, scale, offset, mean, variance] as const;
      return torch.callMany("BatchNormTrainingGrad", ...tensors, attrs.relu, attrs.epsilon);
    }),
  ),
];

/** The native loops read as many values as x has, and one per channel, however few there are. */
function checkShapes(
  name: string,
  x: TensorInfo,
  alike: readonly (TensorInfo | undefined)[],
  perChannel: readonly TensorInfo[],
): void {
  const channels = x.shape.slice(-1);
  util.assert(
    util.sizeFromShape(x.shape) > 0 && channels.length > 0,
    () => `${name}: x must have values, got [${x.shape}]`,
  );
  for (const other of alike) if (other) util.assertShapesMatch(other.shape, x.shape, `Error in ${name}: `);
  for (const values of perChannel) util.assertShapesMatch(values.shape, channels, `Error in ${name}: `);
}
