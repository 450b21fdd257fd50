import type { EngineOptions, EngineReport } from "../report.js";
import type { About, Addon } from "./addon.js";
import { chooseDevice } from "./chooseDevice.js";
import { loadAddon } from "./loader.js";

const remedy = "npx kontrast setup";

/**
 * Whether the native engine is here, what it computes with, or why it is missing and what installs it.
 *
 * @param options.device where it is to compute
 * @param load how to load it; default: from native/build
 */
export async function report({ device }: EngineOptions = {}, load: () => Addon = loadAddon): Promise<EngineReport> {
  try {
    const about = load().about();
    const chosen = chooseDevice(about, device);
    if (!chosen) return { name: "torch", available: false, reason: noDevice(about, device), remedy };
    return {
      name: "torch",
      available: true,
      device: chosen,
      version: `libtorch ${about.version}`,
      threads: about.threads,
      details: {
        blas: describeBlas(about),
        oneDNN: about.oneDnn ? "yes" : "no (convolutions are slow without it)",
        bfloat16: about.fastBfloat16 ? "yes" : "slow (the processor has no instructions for it)",
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name: "torch", available: false, reason, remedy };
  }
}

function noDevice({ version, cudaDevices }: About, device: string | undefined): string {
  if (cudaDevices > 0) return `${device} was asked for, and the last GPU that answers is cuda:${cudaDevices - 1}`;
  return `${device} was asked for, and no GPU answers libtorch ${version}, which needs NVIDIA's driver and a PyTorch with CUDA`;
}

/** `openblas`, `mkl`, …; a reference BLAS multiplies matrices about fifty times slower, so it is named as such. */
function describeBlas({ blas }: About): string {
  if (/openblas|mkl|blis|atlas/i.test(blas)) return (/openblas|mkl|blis|atlas/i.exec(blas)?.[0] ?? blas).toLowerCase();
  if (/\/blas\/|libblas\.so/.test(blas))
    return `reference (${blas}); for fast matrix products: apt-get install libopenblas0`;
  return blas;
}
