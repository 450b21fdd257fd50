import { join } from "node:path";
import { type CardFile, readCard } from "./card.js";
import { dataFolder } from "./dataFolder.js";
import { readUnpackedRecord, unpackedPath } from "./unpacked.js";
import { verifyFile } from "./verifyFile.js";

/** One file of a data set and what is wrong with it. */
export interface FileState {
  readonly path: string;
  readonly bytes: number;
  /** `undefined` if it is exactly the file of the card, or what was unpacked from it. */
  readonly problem: string | undefined;
}

/**
 * Compares every file of a data set with the bytes and sha256 of its card; and what archives are unpacked to, where they
 * are, with what it was when it was made.
 *
 * @throws RangeError `data: name must be one of cifar-10, …, got "cifar10"; did you mean cifar-10?`
 */
export async function verifyFiles(name: string): Promise<FileState[]> {
  const { files } = await readCard(name);
  const states: FileState[] = [];
  for (const file of files) {
    const path = join(dataFolder(name), file.name);
    states.push({ path, bytes: file.bytes, problem: await verifyFile(path, file) });
    states.push(...(await unpackedState(path, file)));
  }
  return states;
}

/** Of the tar file that an archive is unpacked to; none if it is not unpacked, which the first use does. */
export async function unpackedState(archive: string, file: CardFile): Promise<FileState[]> {
  const path = unpackedPath(archive, file);
  const record = path === undefined ? undefined : await readUnpackedRecord(path);
  if (path === undefined || record === undefined) return [];
  return [{ path, bytes: record.bytes, problem: await verifyFile(path, record) }];
}
