import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ReadableStream } from "node:stream/web";
import { type CardFile, readCard } from "./card.js";
import { dataFolder } from "./dataFolder.js";
import { verifyFile } from "./verifyFile.js";

/** How far the download of one file has come. */
export interface DownloadProgress {
  readonly file: string;
  readonly done: number;
  readonly total: number;
}

/**
 * Downloads the files of a data set that are missing or damaged into {@link dataFolder}. A file appears under its name
 * only when it is whole and has the sha256 of the card; until then it has a name of its own, so two processes may
 * download at once. Nothing else in the house opens a connection for data.
 *
 * @param options.onProgress called for every piece that arrives
 * @param options.addressOf where a file comes from, for a mirror; default: the address of the card
 * @returns the folder and the names of the files that were downloaded
 * @throws Error `download: <address> answered 404 Not Found; …`, and the like for a lost connection or a wrong sha256
 */
export async function download(
  name: string,
  options: { onProgress?: (progress: DownloadProgress) => void; addressOf?: (file: CardFile) => string } = {},
): Promise<{ folder: string; downloaded: string[] }> {
  const { onProgress = () => {}, addressOf = (file) => file.address } = options;
  const { files } = await readCard(name);
  const folder = dataFolder(name);
  const downloaded: string[] = [];
  for (const file of files) {
    if ((await verifyFile(join(folder, file.name), file)) === undefined) continue;
    await mkdir(folder, { recursive: true });
    await downloadFile(folder, file, addressOf(file), onProgress);
    downloaded.push(file.name);
  }
  return { folder, downloaded };
}

async function downloadFile(
  folder: string,
  file: CardFile,
  address: string,
  onProgress: (progress: DownloadProgress) => void,
): Promise<void> {
  const path = join(folder, file.name);
  const partial = `${path}.${randomUUID()}.part`;
  try {
    const sha256 = await receive(partial, file, address, onProgress);
    if (sha256 !== file.sha256) {
      throw new Error(
        `download: ${address} must have the sha256 ${file.sha256}, got ${sha256}; the file there is another one`,
      );
    }
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

/** Writes what the address answers to `partial`; resolves to its sha256. */
async function receive(
  partial: string,
  { name, bytes }: CardFile,
  address: string,
  onProgress: (progress: DownloadProgress) => void,
): Promise<string> {
  const body = await answer(address);
  const hash = createHash("sha256");
  const output = await open(partial, "wx");
  let done = 0;
  try {
    for await (const chunk of pieces(body, address)) {
      hash.update(chunk);
      await output.writeFile(chunk);
      done += chunk.length;
      onProgress({ file: name, done, total: bytes });
      if (done > bytes) throw new Error(`download: ${address} must have ${bytes} bytes, sends more`);
    }
    await output.sync();
  } finally {
    await output.close();
  }
  if (done < bytes) throw new Error(`download: ${address} must have ${bytes} bytes, sent ${done}; try again`);
  return hash.digest("hex");
}

async function answer(address: string): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(address).catch((cause) => {
    throw lost(address, cause);
  });
  if (response.ok && response.body) return response.body as ReadableStream<Uint8Array>;
  await response.body?.cancel();
  throw new Error(
    `download: ${address} answered ${response.status} ${response.statusText}; try again later or use a mirror`,
  );
}

async function* pieces(body: ReadableStream<Uint8Array>, address: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body) yield piece;
  } catch (cause) {
    throw lost(address, cause as Error);
  }
}

/** `fetch` says "fetch failed" and hides why in the cause's cause. */
function lost(address: string, cause: Error): Error {
  const inner = cause.cause as NodeJS.ErrnoException | undefined;
  const reason = inner?.message || inner?.code || cause.message;
  return new Error(`download: ${address} could not be read (${reason}); check the network and try again`, { cause });
}
