import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * The main file of an npm package that the user may have installed: in the working folder's project, which in a
 * notebook is the notebook's, or beside Kontrast.
 */
export function findPackage(name: string): string | undefined {
  for (const from of [join(process.cwd(), "index.js"), import.meta.url]) {
    const file = resolveFrom(from, name);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** The main file of a package as a file sees it. */
export function resolveFrom(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
