import type { EngineOptions, EngineReport } from "../report.js";
import { findBackend, ready, registerBackend, registerKernel, setBackend } from "../tensor.js";
import { TorchBackend } from "./backend.js";
import { chooseDevice } from "./chooseDevice.js";
import { kernels } from "./kernels/index.js";
import { loadAddon } from "./loader.js";
import { report } from "./report.js";

/** Memory that no tensor asked for during this time goes back to the system. */
const idleSeconds = 60;

/**
 * Makes `torch` the tfjs backend: registers it with all its kernels, once, and sets it.
 *
 * @param options.device default: the first GPU that answers, else the CPU
 * @throws Error of one line that says why the native engine is missing, or the device
 */
export async function start(options: EngineOptions = {}): Promise<EngineReport> {
  const addon = loadAddon();
  const device = chooseDevice(addon.about(), options.device) ?? options.device ?? "cpu";
  addon.setDevice(device); // says why, where it does not answer
  const tf32 = process.env["KONTRAST_TF32"];
  if (tf32) addon.setTf32(tf32 === "1"); // else as libtorch has it: in convolutions, not in matrix products
  if (!findBackend("torch")) {
    registerBackend("torch", () => new TorchBackend(addon));
    for (const config of kernels) registerKernel(config);
    setInterval(() => addon.trim(idleSeconds), idleSeconds * 1000).unref();
  }
  await setBackend("torch");
  await ready();
  return report({ device });
}
