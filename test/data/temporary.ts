import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach } from "vitest";

/** Makes empty folders that are removed after each test, or after all of a file. */
export function useTemporaryFolders(after: "each" | "all" = "each"): () => Promise<string> {
  const folders: string[] = [];
  (after === "each" ? afterEach : afterAll)(async () => {
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), "kontrast-data-"));
    folders.push(folder);
    return folder;
  };
}

/** Folder of the real data sets: KONTRAST_DATA_DIR, else beside the checkout. */
export const realData = process.env["KONTRAST_DATA_DIR"] ?? new URL("../../../shared/data", import.meta.url).pathname;
