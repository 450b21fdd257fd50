import { type KernelConfig, type NamedAttrMap, registerKernel, type Tensor, tidy } from "../tensor.js";

/**
 * Registers a wasm kernel that is composed of tfjs operations. Operations inside a kernel are not recorded for
 * gradients, so it behaves like a native one.
 *
 * @param compute makes the result from the kernel's inputs and attributes; intermediate tensors are disposed of
 */
export function registerComposed<Inputs, Attributes>(
  kernelName: string,
  compute: (inputs: Inputs, attributes: Attributes) => Tensor,
): void {
  const config: KernelConfig = {
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) =>
      tidy(() => compute(inputs as unknown as Inputs, attrs as NamedAttrMap | undefined as unknown as Attributes)),
  };
  registerKernel(config);
}
