import { statSync } from "node:fs";

/** Tells versions of a file apart: another text as soon as it is changed or replaced, the empty one while it is not there. */
export function fileStamp(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found ? `${found.mtimeNs} ${found.size} ${found.ino}` : "";
}
