import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { type Entry, fromFd, type ZipFile } from "yauzl";
import type { CardFile } from "./card.js";
import { explainDisk } from "./explainDisk.js";
import { absent, verifyFile } from "./verifyFile.js";
import { withLock } from "./withLock.js";
import { tarEnd, tarHeader, tarPadding } from "./writeTar.js";

/**
 * Makes an archive readable at random: the tar file beside it, unpacked from `.tar.gz`, `.tgz` or `.zip`. One file, and
 * not one per image, because a file system takes many times longer for those; and since no member becomes a file, none
 * can be written outside the folder. The archive is verified against its card before; the tar file's name holds the
 * beginning of the archive's sha256 and appears when it is whole. Two processes do it once.
 *
 * @param caller named in messages
 * @param remedy what is said after them, such as how to download it again
 * @returns the path of the tar file
 * @throws Error `cifar10: /…/cifar-10-binary.tar.gz is not there; …`, and the like for a wrong sha256, a damaged archive, a
 *   full disk
 */
export async function unpackArchive(caller: string, archive: string, file: CardFile, remedy: string): Promise<string> {
  const target = `${archive.replace(/(\.tar\.gz|\.tgz|\.zip)$/, "")}-${file.sha256.slice(0, 8)}.tar`;
  if (await stat(target).catch(absent)) return target;
  const problem = await verifyFile(archive, file);
  if (problem) throw new Error(`${caller}: ${archive} ${problem}; ${remedy}`);
  const partial = `${target}.partial`;
  try {
    await withLock(target, async () => {
      if (await stat(target).catch(absent)) return;
      const output = await open(partial, "w");
      await write(archive, output).finally(() => output.close());
      await rename(partial, target);
    });
  } catch (cause) {
    await rm(partial, { force: true });
    const { syscall, message } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) {
      throw new Error(`${caller}: ${archive} must be a whole archive (${message}); ${remedy}`, { cause });
    }
    throw explainDisk(caller, target, cause as NodeJS.ErrnoException);
  }
  return target;
}

async function write(archive: string, output: FileHandle): Promise<void> {
  if (archive.endsWith(".zip")) await writeZip(archive, output);
  else await writeGunzipped(archive, output);
  await output.sync();
}

/** Not `pipeline`, which reports a failed write as an abortion. */
async function writeGunzipped(archive: string, output: FileHandle): Promise<void> {
  const gunzip = createGunzip();
  const packed = createReadStream(archive).on("error", (error) => gunzip.destroy(error));
  try {
    await writeAll(packed.pipe(gunzip), output);
  } finally {
    packed.destroy();
  }
}

async function writeAll(parts: AsyncIterable<Buffer>, output: FileHandle): Promise<void> {
  for await (const part of parts) await output.writeFile(part);
}

/** Members in the order of the archive; folders have none. */
async function writeZip(archive: string, output: FileHandle): Promise<void> {
  const input = await open(archive);
  try {
    const zip = await opened(input.fd);
    for await (const entry of entriesOf(zip)) {
      if (entry.fileName.endsWith("/")) continue;
      await output.writeFile(tarHeader(entry.fileName, entry.uncompressedSize));
      await writeAll(await contentOf(zip, entry), output);
      await output.writeFile(tarPadding(entry.uncompressedSize));
    }
    await output.writeFile(tarEnd);
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
