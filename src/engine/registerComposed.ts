import { type KernelConfig, type NamedAttrMap, registerKernel, type Tensor, tidy } from "./tensor.js";

/**
 * Registers a kernel that is composed of tfjs operations, for a backend without a native one. Operations inside a
 * kernel are not recorded for gradients, so it behaves like a native one.
 *
 * @param compute makes the results from the kernel's inputs and attributes; intermediate tensors are disposed of
 */
export function registerComposed<Inputs, Attributes>(
  backendName: string,
  kernelName: string,
  compute: (inputs: Inputs, attributes: Attributes) => Tensor | Tensor[],
): void {
  const config: KernelConfig = {
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      tidy(() => compute(inputs as unknown as Inputs, attrs as NamedAttrMap | undefined as unknown as Attributes)),
  };
  registerKernel(config);
}
