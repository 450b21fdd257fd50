import { open, readFile, stat } from "node:fs/promises";
import type { CardFile } from "./card.js";
import { block } from "./tar.js";
import { absent } from "./verifyFile.js";

/** What an unpacked archive was when it was made: in `NAME.tar.json` beside `NAME.tar`, and written after it. */
export type UnpackedRecord = Pick<CardFile, "bytes" | "sha256">;

const packed = /(\.tar\.gz|\.tgz|\.zip)$/;

/** Where a file is unpacked to, whose name holds the beginning of its sha256; `undefined` if it is read as it is. */
export function unpackedPath(archive: string, { sha256 }: CardFile): string | undefined {
  return packed.test(archive) ? `${archive.replace(packed, "")}-${sha256.slice(0, 8)}.tar` : undefined;
}

/** What is said after a problem with an unpacked archive. */
export const unpackedRemedy = "delete it, and the next use unpacks it again";

/** Where the record of an unpacked archive is kept. */
export function unpackedRecordPath(tar: string): string {
  return `${tar}.json`;
}

/** The record of an unpacked archive; `undefined` if that, or its tar file, is not there or is not ours: it is made anew. */
export async function readUnpackedRecord(tar: string): Promise<UnpackedRecord | undefined> {
  const text = await readFile(unpackedRecordPath(tar), "utf8").catch(absent);
  if (text === undefined || !(await stat(tar).catch(absent))) return undefined;
  try {
    const { bytes, sha256 } = JSON.parse(text);
    return Number.isSafeInteger(bytes) && typeof sha256 === "string" ? { bytes, sha256 } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What is wrong with an unpacked archive as far as its length and its end say, which is quick enough for every use; its
 * sha256 takes seconds per gigabyte.
 *
 * @returns such as `must have 153620480 bytes, has 1000`, `must end with zeros, as a tar archive does`
 */
export async function unpackedProblem(tar: string, { bytes }: UnpackedRecord): Promise<string | undefined> {
  const file = await open(tar);
  try {
    const { size } = await file.stat();
    if (size !== bytes) return `must have ${bytes} bytes, has ${size}`;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(block), 0, block, Math.max(size - block, 0));
    const isEnd = bytesRead === block && buffer.every((byte) => byte === 0);
    return isEnd ? undefined : "must end with zeros, as a tar archive does";
  } finally {
    await file.close();
  }
}
