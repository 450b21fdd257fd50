import type { _FusedMatMulAttrs, BatchMatMulAttrs, EinsumAttrs, KernelConfig, TensorInfo } from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

type FusedInputs = Inputs<"a" | "b"> & Partial<Inputs<"bias" | "preluActivationWeights">>;

/** Matrix products. */
export const matmul: KernelConfig[] = [
  kernel<Inputs<"a" | "b">, BatchMatMulAttrs>("BatchMatMul", ({ torch, inputs: { a, b }, attrs }) =>
    torch.call("BatchMatMul", a, b, attrs.transposeA, attrs.transposeB),
  ),
  kernel<FusedInputs, _FusedMatMulAttrs>("_FusedMatMul", ({ torch, inputs, attrs }) => {
    const { a, b, bias, preluActivationWeights: prelu } = inputs;
    const { transposeA, transposeB, activation, leakyreluAlpha = 0.2 } = attrs;
    return torch.call("FusedMatMul", a, b, bias, prelu, transposeA, transposeB, activation ?? "linear", leakyreluAlpha);
  }),
  kernel<TensorInfo[], EinsumAttrs>("Einsum", ({ torch, inputs, attrs }) =>
    torch.call("Einsum", attrs.equation, Object.values(inputs)),
  ),
];
