import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Where the files of a data set are looked for and downloaded to: `NAME` in the folder KONTRAST_DATA_DIR if that is
 * set, else in `kontrast` of the user's cache folder (XDG_CACHE_HOME, by default `~/.cache`).
 */
export function dataFolder(name: string): string {
  const own = process.env["KONTRAST_DATA_DIR"];
  if (own) return resolve(own, name);
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "kontrast", name);
}
