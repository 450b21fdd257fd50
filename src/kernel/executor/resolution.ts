import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { lent } from "../language/lent.js";

/** This package's own modules, seen from `dist/kernel/executor/`: cells get these, whatever their folder has. */
const own: Readonly<Record<string, string>> = {
  kontrast: fileURLToPath(new URL("../../index.js", import.meta.url)),
  tslab: fileURLToPath(new URL("../../display/tslab.js", import.meta.url)),
};

const requireOwn = createRequire(import.meta.url);

/** What `require.resolve` says to a cell: a path, or the name of one of Node's modules. */
export function resolveRequired(id: string, require: NodeJS.Require, options?: { paths?: string[] }): string {
  return ownPath(id) ?? orLent(id, () => require.resolve(id, options), requireOwn.resolve);
}

/** What `import.meta.resolve` says to a file or cell: an address, also of a file that is not there. */
export function resolveImported(id: string, filename: string): string {
  const ours = ownPath(id);
  if (ours) return pathToFileURL(ours).href;
  // Node takes the importer by a flag, with which `ChildProcess` starts this process.
  return orLent(id, () => import.meta.resolve(id, pathToFileURL(filename)), import.meta.resolve);
}

function ownPath(id: string): string | undefined {
  return Object.hasOwn(own, id) ? own[id] : undefined;
}

function orLent(id: string, resolve: () => string, resolveLent: (id: string) => string): string {
  try {
    return resolve();
  } catch (error) {
    const isMissing = /MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? "");
    if (!isMissing || !lent.test(id)) throw error;
    return resolveLent(id);
  }
}
