export type { ExecuteResult } from "./execution.js";
export type { KernelClient } from "./kernelClient.js";
export type { KernelError, KernelOutput } from "./output.js";
export { KernelDied, startKernel } from "./startKernel.js";
