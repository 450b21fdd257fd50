import { join } from "node:path";
import { readCard } from "./card.js";
import { dataFolder } from "./dataFolder.js";
import { verifyFile } from "./verifyFile.js";

/** One file of a data set and what is wrong with it. */
export interface FileState {
  readonly path: string;
  readonly bytes: number;
  /** `undefined` if it is exactly the file of the card. */
  readonly problem: string | undefined;
}

/**
 * Compares every file of a data set with the bytes and sha256 of its card.
 *
 * @throws RangeError `data: name must be one of cifar-10, …, got "cifar10"; did you mean cifar-10?`
 */
export async function verifyFiles(name: string): Promise<FileState[]> {
  const { files } = await readCard(name);
  const states: FileState[] = [];
  for (const file of files) {
    const path = join(dataFolder(name), file.name);
    states.push({ path, bytes: file.bytes, problem: await verifyFile(path, file) });
  }
  return states;
}
