import type { EngineReport } from "../report.js";
import { type Adapter, findWebgpu } from "./findWebgpu.js";

/** What WebGPU offers on this machine, if the user has installed it; starts nothing. */
export async function report(): Promise<EngineReport> {
  const found = await findWebgpu();
  if ("reason" in found) return { name: "webgpu", available: false, ...found };
  const { adapter, version, details } = found;
  const software = isSoftware(adapter);
  const name = [adapter.description || adapter.device, adapter.vendor, adapter.architecture].filter(Boolean).join(", ");
  return {
    name: "webgpu",
    available: true,
    device: software ? "software" : "gpu",
    version,
    details: { adapter: name || "unnamed", ...details },
    ...(software && { passedOver: "its adapter is software, slower than torch and wasm on the same processor" }),
  };
}

/** Drivers that compute on the processor; not all of them say so by `isFallbackAdapter`. */
function isSoftware({ isFallbackAdapter, vendor, architecture, device, description }: Adapter): boolean {
  const words = [vendor, architecture, device, description].join(" ");
  return isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i.test(words);
}
