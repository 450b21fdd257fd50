import {
  getBackend,
  getKernel,
  type KernelConfig,
  registerKernel,
  unregisterKernel,
} from "../../../src/engine/tensor.js";

/** Runs something on the engine in use as if it lacked some kernels, so that their composed forms compute. */
export function withoutKernels<Result>(names: readonly string[], run: () => Result): Result {
  const backend = getBackend();
  const taken = names.map((name) => getKernel(name, backend)).filter((config) => config !== undefined);
  for (const { kernelName } of taken) unregisterKernel(kernelName, backend);
  try {
    return run();
  } finally {
    for (const config of taken) registerKernel(config as KernelConfig);
  }
}
