import type { KernelConfig, TensorInfo } from "../tensor.js";
import type { TorchBackend } from "./backend.js";

/** Inputs of a kernel by name; the optional ones may be missing. */
export type Inputs<Name extends string = string> = Readonly<Record<Name, TensorInfo>>;

/** What a kernel is given. */
export interface KernelCall<I, A> {
  readonly torch: TorchBackend;
  readonly inputs: I;
  readonly attrs: A;
}

/** A kernel of the backend `torch` under a tfjs name: the one place that casts tfjs's loose types. */
export function kernel<I, A = object>(
  kernelName: string,
  compute: (call: KernelCall<I, A>) => TensorInfo | TensorInfo[],
): KernelConfig {
  return {
    kernelName,
    backendName: "torch",
    kernelFunc: ({ inputs, backend, attrs }) =>
      compute({ torch: backend as TorchBackend, inputs: inputs as unknown as I, attrs: attrs as unknown as A }),
  };
}
