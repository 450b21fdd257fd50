import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { engine } from "../engine/tensor.js";

/** Where the numbers of a figure come from, such as run, epoch, seed; plain JSON. */
export type Provenance = Readonly<Record<string, unknown>>;

/** Adds the versions and the engine at work, which figures made of plain numbers may lack. */
export function withVersions(given: Provenance = {}): Provenance {
  const backend: string | undefined = engine().backendName;
  return { kontrast: version, node: process.version, ...(backend && { engine: backend }), ...given };
}

/** Twelve hexadecimal digits that equal configurations share, whatever the order of their keys. */
export function configurationHash(configuration: unknown): string {
  return createHash("sha256").update(canonical(configuration)).digest("hex").slice(0, 12);
}

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
