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
import type { FusedBatchNormAttrs, KernelConfig, LogSoftmaxAttrs, SoftmaxAttrs } from "../../tensor.js";
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
      return torch.callMany("BatchNormTraining", x, scale, offset, residual, attrs.relu, attrs.epsilon);
    }),
  ),
  ...[BatchNormTrainingGrad, BatchNormAddTrainingGrad].map((name) =>
    kernel<Partial<BatchNormAddGradInputs> & BatchNormGradInputs, BatchNormAttrs>(name, ({ torch, inputs, attrs }) => {
      const { dy, x, y, scale, offset, mean, variance } = inputs;
      const tensors = [dy, x, y, scale, offset, mean, variance] as const;
      return torch.callMany("BatchNormTrainingGrad", ...tensors, attrs.relu, attrs.epsilon);
    }),
  ),
];
