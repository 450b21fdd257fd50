import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { findPackage } from "../findPackage.js";
import { probe } from "../probe.js";
import { version_core } from "../tensor.js";
import { requireSameTfjs } from "../tfjsOf.js";

/** The two packages that make WebGPU work in Node, and the adapter that answers; or why there is none. */
export type Webgpu =
  | {
      /** Address of Dawn, an ES module. */
      readonly dawn: string;
      /** File of the tfjs backend. */
      readonly backend: string;
      readonly adapter: Adapter;
      /** Such as `webgpu 0.6.2 (Dawn)`. */
      readonly version: string;
      readonly details: Readonly<Record<string, string>>;
    }
  | { readonly reason: string; readonly remedy: string };

/** WebGPU's GPUAdapterInfo. */
export interface Adapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter: boolean;
}

const packages = ["webgpu", "@tensorflow/tfjs-backend-webgpu"] as const;
const install = `npm install webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@${version_core}`;

/** Dawn prints to standard error where no driver is, and a driver may crash: hence in a process of its own. */
const look = `
  const { create } = await import(words[0]);
  const adapter = await create([]).requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return null;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  return { vendor, architecture, device, description, isFallbackAdapter };`;

/** Finds WebGPU for Node in the user's project or beside Kontrast, and asks it for its adapter; starts nothing. */
export async function findWebgpu(): Promise<Webgpu> {
  const [dawnFile, backend] = packages.map(findPackage);
  if (dawnFile === undefined || backend === undefined) {
    const missing = packages.filter((_, index) => [dawnFile, backend][index] === undefined);
    return { reason: `not installed: ${missing.join(" and ")}`, remedy: install };
  }
  const dawn = pathToFileURL(dawnFile).href;
  try {
    const details = requireSameTfjs(backend);
    const adapter = await probe<Adapter | null>(look, dawn);
    if (adapter) return { dawn, backend, adapter, version: `webgpu ${versionOf(dawnFile)} (Dawn)`, details };
    return { reason: "no adapter answers: there is no graphics driver", remedy: driverRemedy() };
  } catch (error) {
    return { reason: (error as Error).message.split("\n")[0] as string, remedy: install };
  }
}

function versionOf(mainFile: string): string {
  return JSON.parse(readFileSync(join(dirname(mainFile), "package.json"), "utf8")).version;
}

function driverRemedy(): string {
  if (process.platform !== "linux") return "the installer of your GPU's driver";
  return "apt-get install libvulkan1 mesa-vulkan-drivers (for NVIDIA: its driver package)";
}
