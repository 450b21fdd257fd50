import { createRequire } from "node:module";
import { registerComposedKernels } from "../fused/composedKernels.js";
import type { EngineReport } from "../report.js";
import { getBackend, ready, setBackend } from "../tensor.js";
import { explainSyncReads } from "./explainSyncReads.js";
import { findWebgpu } from "./findWebgpu.js";
import { report } from "./report.js";

interface Dawn {
  readonly create: (options: string[]) => unknown;
  /** `GPUBufferUsage` and the other names that a browser has. */
  readonly globals: object;
}

let registered = false;

/**
 * Puts WebGPU to use: gives tfjs's backend the globals of a browser, and it our own kernels, composed of its operations.
 *
 * @throws Error of one line that says why it is missing or does not start
 */
export async function start(): Promise<EngineReport> {
  const found = await findWebgpu();
  if ("reason" in found) throw new Error(`webgpu: ${found.reason}; to get it run: ${found.remedy}`);
  if (!registered) {
    const { create, globals } = (await import(found.dawn)) as Dawn;
    Object.assign(globalThis, globals);
    provideNavigator(create([]));
    createRequire(import.meta.url)(found.backend); // registers itself when it sees navigator.gpu
    registerComposedKernels("webgpu");
    registered = true;
  }
  const started = await setBackend("webgpu");
  await ready();
  if (!started || getBackend() !== "webgpu") throw new Error("webgpu: no device answers; see kontrast doctor");
  explainSyncReads();
  return report();
}

/** Node 20 has no `navigator`; later ones have one without `gpu`. */
function provideNavigator(gpu: unknown): void {
  const userAgent = `Node.js/${process.versions.node.split(".")[0]}`;
  if (!("navigator" in globalThis)) Object.defineProperty(globalThis, "navigator", { value: { userAgent } });
  Object.defineProperty(globalThis.navigator, "gpu", { value: gpu });
}
