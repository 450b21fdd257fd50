import { createRequire } from "node:module";
import { registerComposedKernels } from "../fused/composedKernels.js";
import type { EngineReport } from "../report.js";
import { findBackend, getBackend, ready, setBackend } from "../tensor.js";
import { findTensorflow } from "./findTensorflow.js";
import { report } from "./report.js";

let registered = false;

/**
 * Puts TensorFlow for Node to use, the user's own copy, with our own kernels composed of its operations.
 *
 * @throws Error of one line that says why it is missing or does not start
 */
export async function start(): Promise<EngineReport> {
  const found = await findTensorflow();
  if ("reason" in found) throw new Error(`tensorflow: ${found.reason}; to get it run: ${found.remedy}`);
  createRequire(import.meta.url)(found.file);
  if (!registered) {
    registerComposedKernels("tensorflow");
    registered = true;
  }
  const started = findBackend("tensorflow") !== null && (await setBackend("tensorflow"));
  await ready();
  if (!started || getBackend() !== "tensorflow") throw new Error(`tensorflow: ${found.file} did not start`);
  return report();
}
