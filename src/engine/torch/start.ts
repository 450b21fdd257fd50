import type { EngineOptions, EngineReport } from "../report.js";
import { findBackend, ready, registerBackend, registerKernel, setBackend } from "../tensor.js";
import { TorchBackend } from "./backend.js";
import { kernels } from "./kernels/index.js";
import { loadAddon } from "./loader.js";
import { report } from "./report.js";

/** Memory that no tensor asked for during this time goes back to the system. */
const idleSeconds = 10;

/**
 * Makes `torch` the tfjs backend: registers it with all its kernels, once, and sets it.
 *
 * @throws Error of one line that says why the native engine is missing
 */
export async function start(options: EngineOptions = {}): Promise<EngineReport> {
  const addon = loadAddon();
  if (!findBackend("torch")) {
    registerBackend("torch", () => new TorchBackend(addon));
    for (const config of kernels) registerKernel(config);
    setInterval(() => addon.trim(idleSeconds), idleSeconds * 1000).unref();
  }
  await setBackend("torch");
  await ready();
  return report(options);
}
