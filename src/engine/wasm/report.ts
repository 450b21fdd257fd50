import { version_wasm } from "@tensorflow/tfjs-backend-wasm";
import type { EngineReport } from "../report.js";
import { env } from "../tensor.js";

/**
 * What the wasm engine offers on this machine; starts nothing. It comes with the npm package and is always there.
 * One thread: tfjs-backend-wasm runs its threaded build in browsers only.
 */
export async function report(): Promise<EngineReport> {
  const simd = Boolean(await env().getAsync("WASM_HAS_SIMD_SUPPORT"));
  return {
    name: "wasm",
    available: true,
    device: "cpu",
    version: `tfjs-backend-wasm ${version_wasm}`,
    threads: 1,
    details: { simd: simd ? "yes" : "no" },
  };
}
