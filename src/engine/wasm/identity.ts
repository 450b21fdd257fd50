import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { Identity, registerKernel, type TensorInfo, unregisterKernel } from "../tensor.js";

/**
 * Another tensor over the same memory, as in tfjs's other backends. Replaces the wasm kernel of that name, which
 * copies; tfjs clones a tensor wherever it saves it for a gradient.
 */
export function registerIdentity(): void {
  unregisterKernel(Identity, "wasm");
  registerKernel({
    kernelName: Identity,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend }) => {
      const { dataId, shape, dtype } = inputs["x"] as TensorInfo;
      (backend as BackendWasm).incRef(dataId);
      return { dataId, shape, dtype };
    },
  });
}
