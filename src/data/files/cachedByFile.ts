import { createHash } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { replaceFile } from "../../check/index.js";
import { dataFolder } from "./dataFolder.js";
import { explainDisk } from "./explainDisk.js";
import { absent } from "./verifyFile.js";
import { withLock } from "./withLock.js";

/** Raised when what is kept changes its form, so that what an older version kept is made anew. */
const version = 3;

interface Kept<Content> {
  readonly version: number;
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly content: Content;
}

/**
 * What follows from a file, such as a list of its parts: made once, then kept as JSON in the folder `index` of the cache,
 * until the file has another size or time of change. Of several that want it at once, one makes it and the others wait.
 *
 * @param path of the file; its absolute path is what the cache knows it by
 * @param kind sets several things about one file apart, and how they are made
 * @param make makes it; what it throws is thrown
 * @param options.isWhole whether what the content refers to is still there; default: it refers to nothing
 */
export async function cachedByFile<Content>(
  path: string,
  kind: string,
  make: (path: string) => Promise<Content>,
  options: { isWhole?: (content: Content) => Promise<boolean> } = {},
): Promise<Content> {
  const { isWhole = async () => true } = options;
  const whole = resolve(path);
  const key = createHash("sha256").update(`${kind}\n${whole}`).digest("hex").slice(0, 16);
  const place = join(dataFolder("index"), `${basename(whole)}-${key}.json`);

  async function kept(): Promise<Kept<Content> | undefined> {
    const { size, mtimeMs } = await stat(path);
    const found = await readKept<Content>(place);
    const isFresh =
      found?.version === version && found.path === whole && found.size === size && found.modified === mtimeMs;
    return isFresh && found.content !== undefined && (await isWhole(found.content)) ? found : undefined;
  }

  async function makeAndKeep(): Promise<Kept<Content>> {
    const { size, mtimeMs: modified } = await stat(path); // before it is read, so that a change meanwhile is noticed
    const record: Kept<Content> = { version, path: whole, size, modified, content: await make(path) };
    await replaceFile(place, JSON.stringify(record));
    return record;
  }

  const found = await kept();
  if (found) return found.content;
  try {
    await mkdir(dirname(place), { recursive: true });
    return (await withLock(place, async () => (await kept()) ?? (await makeAndKeep()))).content;
  } catch (error) {
    throw explainDisk("data", place, error as NodeJS.ErrnoException);
  }
}

async function readKept<Content>(place: string): Promise<Kept<Content> | undefined> {
  const text = await readFile(place, "utf8").catch(absent);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // not ours any more, whatever it is: it is made anew
  }
}
