import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { currentCell } from "../../display/index.js";
import { type Card, type CardFile, readCard } from "./card.js";
import { dataFolder } from "./dataFolder.js";
import { explainDisk, requireRoom } from "./explainDisk.js";
import { forgetPartial, receive } from "./receive.js";
import { absent, verifyFile } from "./verifyFile.js";
import { unpackedState } from "./verifyFiles.js";
import { type OnWait, withLock } from "./withLock.js";

/** How far the download of one file has come. */
export interface DownloadProgress {
  readonly file: string;
  /** Bytes that are there, those of an earlier attempt included. */
  readonly done: number;
  readonly total: number;
}

/** How {@link download} does it. */
export interface DownloadOptions {
  /** Called for every piece that arrives. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Where a file comes from, for a mirror; default: the address of the card. */
  readonly addressOf?: (file: CardFile) => string;
  /** Told which process is waited for, such as `process 4711`. */
  readonly onWait?: OnWait;
  /** Ends the download; what has arrived is kept. Default: the running cell's, which an interrupt aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Downloads the files of a data set that are missing or damaged into {@link dataFolder}. A file appears under its name
 * only when it is whole and has the sha256 of the card; until then it is `NAME.partial`. What has arrived stays there
 * when the connection is lost or the process is stopped, and the next call goes on from it where the server can (HTTP
 * `Range`, guarded by `If-Range`). A second process that wants the same file waits for the first. What an archive was
 * unpacked to is removed if it is damaged; the next use unpacks it again. Nothing else in the house opens a connection for
 * data.
 *
 * @param card a data set's name, or its card
 * @returns the folder, the names of the files that were downloaded, the paths of those that were removed
 * @throws Error `download: <address> answered 404 Not Found; …`, and the like for a lost connection, a wrong sha256, a
 *   full disk; the signal's reason when it was aborted
 */
export async function download(
  card: string | Card,
  options: DownloadOptions = {},
): Promise<{ folder: string; downloaded: string[]; removed: string[] }> {
  const { onProgress = () => {}, addressOf = (file) => file.address, onWait = () => {} } = options;
  const signal = options.signal ?? currentCell()?.signal;
  const { name, files } = typeof card === "string" ? await readCard(card) : card;
  const folder = dataFolder(name);
  const downloaded: string[] = [];
  const removed: string[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    const path = join(folder, file.name);
    for (const unpacked of await unpackedState(path, file)) {
      if (unpacked.problem === undefined) continue;
      await rm(unpacked.path, { force: true });
      removed.push(unpacked.path);
    }
    if ((await verifyFile(path, file)) === undefined) continue;
    try {
      await mkdir(folder, { recursive: true });
      const work = () => downloadFile(path, file, addressOf(file), onProgress, signal);
      const isNew = await withLock(path, work, { onWait, ...(signal && { signal }) });
      if (isNew) downloaded.push(file.name);
    } catch (error) {
      signal?.throwIfAborted();
      throw explainDisk(
        "download",
        path,
        error as NodeJS.ErrnoException,
        "what has arrived is kept for the next attempt",
      );
    }
  }
  return { folder, downloaded, removed };
}

/** Resolves to false if another process has downloaded the file meanwhile. */
async function downloadFile(
  path: string,
  file: CardFile,
  address: string,
  onProgress: (progress: DownloadProgress) => void,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if ((await verifyFile(path, file)) === undefined) return false;
  if ((await stat(path).catch(absent))?.isDirectory()) {
    throw new Error(`download: ${path} must be a file, got a folder; move it away`);
  }
  const partial = `${path}.partial`;
  const there = (await stat(partial).catch(absent))?.size ?? 0;
  if (there !== file.bytes || (await verifyFile(partial, file)) !== undefined) {
    if (there >= file.bytes) await forgetPartial(partial);
    await requireRoom("download", path, Math.max(file.bytes - there, 0), file.name);
    const report = (done: number) => onProgress({ file: file.name, done, total: file.bytes });
    await receive(partial, file, address, report, signal);
    const problem = await verifyFile(partial, file); // what lies on the disk, whoever has written it
    if (problem) {
      await forgetPartial(partial);
      throw new Error(`download: ${address} ${problem}; the file there is another one, or it was damaged on the way`);
    }
  }
  await rm(path, { force: true });
  await rename(partial, path);
  await forgetPartial(partial);
  return true;
}
