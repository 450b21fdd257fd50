import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { type BackendWasm, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { registerComposedBatchNorm } from "../fused/composedBatchNorm.js";
import type { EngineReport } from "../report.js";
import { backend, getBackend, ready, setBackend } from "../tensor.js";
import { registerBatchMatMul } from "./batchMatMul.js";
import { registerColorJitter } from "./colorJitter.js";
import { registerConv2DBackpropFilter } from "./conv2DBackpropFilter.js";
import { registerConv2DBackpropInput } from "./conv2DBackpropInput.js";
import { registerDepthwiseGradients } from "./depthwiseGradients.js";
import { registerGather } from "./gather.js";
import { guardMemory } from "./guardMemory.js";
import { registerIdentity } from "./identity.js";
import { report } from "./report.js";
import { registerResizedCrop } from "./resizedCrop.js";
import { registerUnsortedSegmentSum } from "./unsortedSegmentSum.js";
import { withoutListeners } from "./withoutListeners.js";

let registered = false;

/**
 * Puts the wasm engine to use, with the kernels that tfjs-backend-wasm lacks or has in a slow form, composed from
 * those it has. Kernels that stay missing throw tfjs's own "Kernel 'X' not registered for backend 'wasm'".
 *
 * @throws Error `wasm: the engine did not start; reinstall it with: npm ci`
 */
export async function start(): Promise<EngineReport> {
  if (!registered) {
    setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}${sep}`);
    registerConv2DBackpropFilter();
    registerConv2DBackpropInput();
    registerDepthwiseGradients();
    registerBatchMatMul();
    registerUnsortedSegmentSum();
    registerComposedBatchNorm("wasm");
    registerGather();
    registerIdentity();
    registerResizedCrop();
    registerColorJitter();
    registered = true;
  }
  const started = await withoutListeners(async () => setBackend("wasm"));
  await ready();
  if (!started || getBackend() !== "wasm") {
    throw new Error("wasm: the engine did not start; reinstall it with: npm ci");
  }
  guardMemory(backend() as BackendWasm);
  return report();
}
