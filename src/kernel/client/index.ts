export type { ExecuteResult, ExecutionTimes } from "./execution.js";
export type { KernelClient } from "./kernelClient.js";
export type { KernelError, KernelOutput } from "./output.js";
export { KernelDied, type StartKernelOptions, startKernel } from "./startKernel.js";
