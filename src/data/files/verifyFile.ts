import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { CardFile } from "./card.js";

/**
 * Checks a file of a data set against its card, or an unpacked archive against what it was; resolves to what is wrong
 * with it, or to undefined if it is the file. All 31 MB of Fashion-MNIST take 0.1 s, so nothing remembers that a file was
 * checked before.
 *
 * @returns such as `is not there`, `must have 5148 bytes, has 100`, `must have the sha256 67da…, has 13ef…`
 */
export async function verifyFile(
  path: string,
  expected: Pick<CardFile, "bytes" | "sha256">,
): Promise<string | undefined> {
  try {
    const found = await stat(path).catch(absent);
    if (!found) return "is not there";
    if (!found.isFile()) return "is not a file";
    if (found.size !== expected.bytes) return `must have ${expected.bytes} bytes, has ${found.size}`;
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    const sha256 = hash.digest("hex");
    return sha256 === expected.sha256 ? undefined : `must have the sha256 ${expected.sha256}, has ${sha256}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM") throw error;
    return `cannot be read (${code})`;
  }
}

/** `undefined` for a file or folder that does not exist; any other failure stays one. */
export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
  return undefined;
}
