import { backend, type KernelBackend } from "../tensor.js";

/** The part of tfjs's backend that is changed. */
interface WebgpuBackend extends KernelBackend {
  readonly tensorMap: { get(dataId: object): { readonly values?: unknown; readonly dtype: string } };
}

/**
 * Says what to do instead of `dataSync`, `arraySync` and `print`: the GPU answers through the event loop, and the way
 * around it that tfjs-backend-webgpu has needs a browser's canvas.
 */
export function explainSyncReads(): void {
  const webgpu = backend() as WebgpuBackend;
  if (Object.hasOwn(webgpu, "readSync")) return;
  const readSync = webgpu.readSync.bind(webgpu);
  webgpu.readSync = (dataId) => {
    const { values, dtype } = webgpu.tensorMap.get(dataId);
    if (values || dtype === "string" || dtype === "complex64") return readSync(dataId);
    throw new Error("webgpu: values cannot be read synchronously in Node; use await tensor.data() or tensor.array()");
  };
}
