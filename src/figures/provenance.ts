import { packageVersion } from "../check/index.js";
import { engine } from "../engine/tensor.js";

/** Where the numbers of a figure come from, such as run, epoch, seed; plain JSON. */
export type Provenance = object;

/** Adds the versions and the engine at work, which figures made of plain numbers may lack. */
export function withVersions(given: Provenance = {}): Provenance {
  const backend: string | undefined = engine().backendName;
  return { kontrast: packageVersion, node: process.version, ...(backend && { engine: backend }), ...given };
}
