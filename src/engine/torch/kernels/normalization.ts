import type { FusedBatchNormAttrs, KernelConfig, LogSoftmaxAttrs, SoftmaxAttrs } from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

type Statistics = Inputs<"x" | "mean" | "variance"> & Partial<Inputs<"scale" | "offset">>;

/** Softmax, batch normalization and gradients; the last three are Kontrast's own kernels, see engine/fused. */
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
  kernel<Inputs<"x" | "scale" | "offset">, FusedBatchNormAttrs>("BatchNormTraining", ({ torch, inputs, attrs }) =>
    torch.callMany("BatchNormTraining", inputs.x, inputs.scale, inputs.offset, attrs.varianceEpsilon),
  ),
  kernel<Inputs<"dy" | "x" | "scale" | "mean" | "variance">, FusedBatchNormAttrs>(
    "BatchNormTrainingGrad",
    ({ torch, inputs: { dy, x, scale, mean, variance }, attrs }) =>
      torch.callMany("BatchNormTrainingGrad", dy, x, scale, mean, variance, attrs.varianceEpsilon),
  ),
];
