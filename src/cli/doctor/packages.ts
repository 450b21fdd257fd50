import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The installed version of each npm package, `null` where it is missing. */
export async function packageVersions(names: readonly string[]): Promise<Record<string, string | null>> {
  const entries = names.map(async (name) => [name, await versionOf(name)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Read from the folders Node would look in, because few packages export their package.json. */
async function versionOf(name: string): Promise<string | null> {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const manifest = await readFile(join(folder, name, "package.json"), "utf8").catch(() => undefined);
    if (manifest !== undefined) return JSON.parse(manifest).version;
  }
  return null;
}
