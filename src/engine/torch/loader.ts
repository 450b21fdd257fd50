import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Addon } from "./addon.js";

/** Where scripts/setup/native.mjs puts the addon; the same from src/ and from dist/. */
const file = fileURLToPath(new URL("../../../native/build/kontrast.node", import.meta.url));

let loaded: Addon | undefined;

/**
 * Loads the native engine, once, with as many threads as KONTRAST_THREADS says (default: all cores).
 *
 * @throws Error `the native engine is not built (no such file: …)`
 * @throws Error `the native engine does not load: <what the system's loader says>`
 */
export function loadAddon(): Addon {
  if (loaded) return loaded;
  if (!existsSync(file)) throw new Error(`the native engine is not built (no such file: ${file})`);
  const threads = threadCount();
  try {
    loaded = createRequire(import.meta.url)(file) as Addon;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new Error(`the native engine does not load: ${message}`, { cause });
  }
  loaded.setThreads(threads);
  return loaded;
}

function threadCount(): number {
  const text = process.env["KONTRAST_THREADS"];
  if (!text) return availableParallelism();
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`KONTRAST_THREADS must be an integer >= 1, got ${text}`);
  return count;
}
