import { type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isGone, newHolder } from "./holder.js";
import { absent } from "./verifyFile.js";

/** After so long without a byte, a partial file of another machine is taken for left behind, ms. */
const patience = 24 * 3600_000;
const ending = ".partial";

/**
 * Writes a file piece by piece so that it appears only when it is whole: until then it has a name of its own, which no other
 * writer shares, and of several that write it at once the last one's stays. A failure leaves nothing; what a killed
 * process has left is removed by the next that writes the same file.
 *
 * @returns what `write` does
 */
export async function makeFile<Result>(path: string, write: (output: FileHandle) => Promise<Result>): Promise<Result> {
  await removeAbandoned(path);
  const partial = `${path}.${newHolder().replaceAll(" ", "~")}${ending}`;
  try {
    const output = await open(partial, "wx");
    const result = await writeAndSync(output, write).finally(() => output.close());
    await rename(partial, path);
    return result;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function writeAndSync<Result>(output: FileHandle, write: (output: FileHandle) => Promise<Result>) {
  const result = await write(output);
  await output.sync();
  return result;
}

async function removeAbandoned(path: string): Promise<void> {
  const start = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(start) || !name.endsWith(ending)) continue;
    const holder = name.slice(start.length, -ending.length).replaceAll("~", " ");
    if (holder.split(" ").length !== 3) continue; // not one of ours
    const partial = join(dirname(path), name);
    const found = await stat(partial).catch(absent);
    if (found && (isGone(holder) || Date.now() - found.mtimeMs > patience)) await rm(partial, { force: true });
  }
}
