import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Addon } from "./addon.js";
import { explainLoadError } from "./explainLoadError.js";

/** Where scripts/setup/native.mjs puts the addon; the same from src/ and from dist/. */
const builtFile = fileURLToPath(new URL("../../../native/build/kontrast.node", import.meta.url));

let loaded: Addon | undefined;

/** Loads the native engine, once. @throws as {@link loadAddonFrom} */
export function loadAddon(): Addon {
  loaded ??= loadAddonFrom(builtFile);
  return loaded;
}

/**
 * Loads the native engine from a file, with as many threads as KONTRAST_THREADS says (default: all cores).
 *
 * @throws Error `libtorch is not installed, and the native engine is not built`
 * @throws Error `the native engine is not built (no such file: …)`
 * @throws Error as {@link explainLoadError}: built for another libtorch or Node.js, damaged, or what the system says
 */
export function loadAddonFrom(file: string): Addon {
  if (!existsSync(file)) {
    const missing = `the native engine is not built (no such file: ${file})`;
    throw new Error(hasLibtorch() ? missing : `libtorch is not installed, and ${missing}`);
  }
  const threads = threadCount();
  limitSpinning();
  try {
    requireWhole(file);
    const addon = createRequire(import.meta.url)(file) as Addon;
    addon.setThreads(threads);
    return addon;
  } catch (cause) {
    throw new Error(explainLoadError(cause), { cause });
  }
}

/** The table of sections ends an ELF file. The system's loader does not look, and a part that is missing kills Node. */
function requireWhole(file: string): void {
  const bytes = readFileSync(file);
  if (bytes.length < 64 || bytes.toString("latin1", 1, 4) !== "ELF") return; // the loader's own message says it all
  const end = Number(bytes.readBigUInt64LE(40)) + bytes.readUInt16LE(58) * bytes.readUInt16LE(60);
  if (bytes.length < end) throw new Error(`${file} is incomplete: ${bytes.length} of ${end} bytes`);
}

/**
 * Threads of OpenMP (which reads this when it is loaded) spin by default while they wait for work. Beside two busy
 * processes that made a training step of 0.4 s of processor time take 1.1 s; on an idle machine of two cores 1,000 turns
 * were 1.3 times as fast as none.
 */
function limitSpinning(): void {
  if (process.env["OMP_WAIT_POLICY"] || process.env["GOMP_SPINCOUNT"]) return;
  process.env["GOMP_SPINCOUNT"] = "1000";
}

function hasLibtorch(): boolean {
  const roots = [process.env["LIBTORCH"], "/usr", "/usr/local"];
  return roots.some((root) => root && existsSync(join(root, "include/torch/csrc/api/include/torch/version.h")));
}

function threadCount(): number {
  const text = process.env["KONTRAST_THREADS"];
  if (!text) return availableParallelism();
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`KONTRAST_THREADS must be an integer >= 1, got ${text}`);
  return count;
}
