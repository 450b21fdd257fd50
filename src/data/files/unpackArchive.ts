import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { type Entry, fromFd, type ZipFile } from "yauzl";
import { replaceFile } from "../../check/index.js";
import type { CardFile } from "./card.js";
import { explainDisk } from "./explainDisk.js";
import { makeFile } from "./makeFile.js";
import {
  readUnpackedRecord,
  type UnpackedRecord,
  unpackedPath,
  unpackedProblem,
  unpackedRecordPath,
  unpackedRemedy,
} from "./unpacked.js";
import { verifyFile } from "./verifyFile.js";
import { withLock } from "./withLock.js";
import { tarEnd, tarHeader, tarPadding } from "./writeTar.js";

/** Takes the bytes of the tar file, in order. */
type Write = (bytes: Uint8Array) => Promise<void>;

/**
 * Makes an archive readable at random: the tar file beside it, unpacked from `.tar.gz`, `.tgz` or `.zip`. One file, and
 * not one per image, because a file system takes many times longer for those; and since no member becomes a file, none
 * can be written outside the folder. The archive is verified against its card before; the tar file appears when it is whole,
 * and its length and end are checked each time (see {@link unpackedProblem}). Two processes do it once.
 *
 * @param caller named in messages
 * @param remedy what is said after them, such as how to download it again
 * @returns the path of the tar file
 * @throws Error `cifar10: /…/cifar-10-binary.tar.gz is not there; …`, and the like for a wrong sha256, a damaged archive, a
 *   tar file that was damaged later, a full disk
 */
export async function unpackArchive(caller: string, archive: string, file: CardFile, remedy: string): Promise<string> {
  const target = unpackedPath(archive, file);
  if (target === undefined) throw new Error(`${caller}: ${archive} must be a .tar.gz, .tgz or .zip file`);
  if (await isUsable(caller, target)) return target;
  const problem = await verifyFile(archive, file);
  if (problem) throw new Error(`${caller}: ${archive} ${problem}; ${remedy}`);
  try {
    await withLock(target, async () => {
      if (await readUnpackedRecord(target)) return; // another process has done it
      const record = await makeFile(target, (output) => unpack(archive, output));
      await replaceFile(unpackedRecordPath(target), JSON.stringify(record)); // what makes the tar file count
    });
  } catch (cause) {
    const { syscall, message } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) {
      throw new Error(`${caller}: ${archive} must be a whole archive (${message}); ${remedy}`, { cause });
    }
    throw explainDisk(caller, target, cause as NodeJS.ErrnoException);
  }
  await isUsable(caller, target);
  return target;
}

/** Whether it is unpacked; one that is damaged is an error, because something on the machine damages files. */
async function isUsable(caller: string, target: string): Promise<boolean> {
  const record = await readUnpackedRecord(target);
  const problem = record && (await unpackedProblem(target, record));
  if (problem) throw new Error(`${caller}: ${target} ${problem}; ${unpackedRemedy}`);
  return record !== undefined;
}

async function unpack(archive: string, output: FileHandle): Promise<UnpackedRecord> {
  const hash = createHash("sha256");
  let bytes = 0;
  const write: Write = async (part) => {
    await output.writeFile(part);
    hash.update(part);
    bytes += part.length;
  };
  await (archive.endsWith(".zip") ? writeZip : writeGunzipped)(archive, write);
  return { bytes, sha256: hash.digest("hex") };
}

/** Not `pipeline`, which reports a failed write as an abortion. */
async function writeGunzipped(archive: string, write: Write): Promise<void> {
  const gunzip = createGunzip();
  const packed = createReadStream(archive).on("error", (error) => gunzip.destroy(error));
  try {
    await writeAll(packed.pipe(gunzip), write);
  } finally {
    packed.destroy();
  }
}

async function writeAll(parts: AsyncIterable<Buffer>, write: Write): Promise<void> {
  for await (const part of parts) await write(part);
}

/** Members in the order of the archive; folders have none. */
async function writeZip(archive: string, write: Write): Promise<void> {
  const input = await open(archive);
  try {
    const zip = await opened(input.fd);
    for await (const entry of entriesOf(zip)) {
      if (entry.fileName.endsWith("/")) continue;
      await write(tarHeader(entry.fileName, entry.uncompressedSize));
      await writeAll(await contentOf(zip, entry), write);
      await write(tarPadding(entry.uncompressedSize));
    }
    await write(tarEnd);
  } finally {
    await input.close();
  }
}

/** yauzl refuses names that lead out of the folder (`../`, `/`, drive letters), although none becomes a path here. */
function opened(fd: number): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromFd(fd, { lazyEntries: true, autoClose: false }, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  const next = () =>
    new Promise<Entry | undefined>((resolve, reject) => {
      zip.once("entry", resolve);
      zip.once("end", () => resolve(undefined));
      zip.once("error", reject);
      zip.readEntry();
    }).finally(() => zip.removeAllListeners());
  for (let entry = await next(); entry; entry = await next()) yield entry;
}

function contentOf(zip: ZipFile, entry: Entry): Promise<AsyncIterable<Buffer>> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}
