import {
  type _FusedMatMulAttrs,
  type BatchMatMulAttrs,
  backend_util,
  type EinsumAttrs,
  type KernelConfig,
  type Tensor,
  type TensorInfo,
} from "../../tensor.js";
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
  kernel<TensorInfo[], EinsumAttrs>("Einsum", ({ torch, inputs, attrs: { equation } }) => {
    const tensors = Object.values(inputs);
    const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length);
    backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as Tensor[]); // tfjs's own messages
    return torch.call("Einsum", equation, tensors);
  }),
];
