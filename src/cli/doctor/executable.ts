import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** The first of the given programs that is on PATH, in full. */
export async function findExecutable(...names: string[]): Promise<string | undefined> {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      const found = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return path;
    }
  }
  return undefined;
}
