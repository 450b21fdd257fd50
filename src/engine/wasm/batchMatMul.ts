import {
  BatchMatMul,
  type BatchMatMulAttrs,
  getKernel,
  type KernelConfig,
  registerKernel,
  type Tensor,
  type TensorInfo,
  tidy,
  transpose,
  unregisterKernel,
} from "../tensor.js";

/**
 * Matrix product that copies transposed operands first: tfjs-backend-wasm has fast code (XNNPACK) for one product
 * of operands as they lie, and a loop about eight times as slow for everything else.
 */
export function registerBatchMatMul(): void {
  const original = getKernel(BatchMatMul, "wasm");
  const kernelFunc: KernelConfig["kernelFunc"] = ({ inputs, attrs, backend }) => {
    const { a, b } = inputs as unknown as { a: Tensor; b: Tensor };
    const { transposeA, transposeB } = attrs as unknown as BatchMatMulAttrs;
    return tidy(() => {
      const plain = {
        a: transposeA && isMatrix(a) ? swapLastTwo(a) : a,
        b: transposeB && isMatrix(b) ? swapLastTwo(b) : b,
      };
      const rest = { transposeA: transposeA && plain.a === a, transposeB: transposeB && plain.b === b };
      return original.kernelFunc({ inputs: plain, backend, attrs: rest }) as TensorInfo & Record<string, never>;
    });
  };
  unregisterKernel(BatchMatMul, "wasm");
  registerKernel({ ...original, kernelFunc });
}

function isMatrix({ shape }: Tensor): boolean {
  return shape.slice(0, -2).every((extent) => extent === 1);
}

function swapLastTwo(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}
