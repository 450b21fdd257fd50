import { type FileHandle, open } from "node:fs/promises";

/** One file within a tar archive. */
export interface TarMember {
  readonly name: string;
  /** Where its bytes begin in the archive, and how many there are. */
  readonly offset: number;
  readonly length: number;
}

/** A header, and what every member's bytes are padded to. */
export const block = 512;
/** What is read at once: many small members for one call to the disk. */
const windowBytes = 1 << 18;
/** Typeflags of POSIX.1-2017 (pax, ustar) and GNU tar. */
export const flags = { file: "0", oldFile: "\0", contiguous: "7", pax: "x", gnuLongName: "L", gnuSparse: "S" };

/** What an extended header says of the member after it. */
interface Extended {
  name?: string;
  length?: number;
  isSparse?: true;
}

/**
 * Lists the files of a tar archive (ustar, pax, GNU long names and sizes); folders and links are left out. Only headers
 * are read, so an archive of any size can be listed.
 *
 * @throws Error that begins with the path: `… is packed with gzip, …`, `… is no tar archive (no valid header at byte 512)`,
 *   likewise for a bad size or extended header, `… ends within its member 0007.jpg (needs 6144 bytes, has 5000); …`, `… ends
 *   without an end mark after 12 files (60000 bytes); …`, `… has the sparse file 0007.bin, which cannot be read; …`
 */
export async function tarMembers(path: string): Promise<TarMember[]> {
  const file = await open(path);
  try {
    return await scan(path, file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

async function scan(path: string, file: FileHandle, size: number): Promise<TarMember[]> {
  const read = windowReader(file);
  const [one, two] = await read(0, 2);
  if (one === 0x1f && two === 0x8b) {
    throw new Error(`${path} is packed with gzip, within which nothing can be found at random; unpack it with gunzip`);
  }
  if (size < block) throw new Error(`${path} is no tar archive (${size} bytes, of which a header alone has ${block})`);
  const members: TarMember[] = [];
  let own: Extended = {};
  for (let at = 0; at + block <= size; ) {
    const header = await read(at, block);
    if (header[0] === 0 && header.every((byte) => byte === 0)) return members;
    requireHeader(path, header, at);
    const flag = String.fromCharCode(header[156] as number);
    const isExtended = flag === flags.pax || flag === flags.gnuLongName;
    // an extended header speaks of the member after it, never of itself or of another
    const length = (isExtended ? undefined : own.length) ?? sizeIn(path, header, at);
    const offset = at + block;
    const name = own.name ?? nameIn(header);
    if (offset + length > size) {
      throw new Error(
        `${path} ends within its member ${name} (needs ${offset + length} bytes, has ${size}); get or write it again`,
      );
    }
    if (flag === flags.pax) own = { ...own, ...paxFields(path, await read(offset, length), at) };
    else if (flag === flags.gnuLongName) own = { ...own, name: textIn(await read(offset, length), 0, length) };
    else {
      if (flag === flags.gnuSparse || own.isSparse) {
        throw new Error(`${path} has the sparse file ${name}, which cannot be read; write it without tar's --sparse`);
      }
      if (flag === flags.file || flag === flags.oldFile || flag === flags.contiguous) {
        members.push({ name, offset, length });
      }
      own = {};
    }
    at = offset + Math.ceil(length / block) * block;
  }
  // POSIX wants blocks of zeros at the end; an archive without them may have been cut between two members
  throw new Error(
    `${path} ends without an end mark after ${members.length} files (${size} bytes); get or write it again`,
  );
}

/** Reads from a window that moves forward through the file; what it returns is valid until the next call. */
export function windowReader(file: FileHandle): (offset: number, length: number) => Promise<Buffer> {
  let window = Buffer.alloc(0);
  let from = 0;
  return async (offset, length) => {
    if (offset < from || offset + length > from + window.length) {
      const buffer = Buffer.allocUnsafe(Math.max(windowBytes, length));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      window = buffer.subarray(0, bytesRead);
      from = offset;
    }
    return window.subarray(offset - from, offset - from + length);
  };
}

function requireHeader(path: string, header: Buffer, at: number): void {
  // the checksum is the sum of all bytes, its own eight taken as spaces
  let sum = 0;
  for (let index = 0; index < block; index++) sum += index >= 148 && index < 156 ? 32 : (header[index] as number);
  if (sum !== numberIn(header, 148, 8)) throw noArchive(path, "no valid header", at);
}

function noArchive(path: string, what: string, at: number): Error {
  return new Error(`${path} is no tar archive (${what} at byte ${at})`);
}

/** Whole and not negative, so that the next header is always further on. */
function requireSize(path: string, size: number, at: number): number {
  if (!Number.isSafeInteger(size) || size < 0) throw noArchive(path, "bad size", at);
  return size;
}

function sizeIn(path: string, header: Buffer, at: number): number {
  return requireSize(path, numberIn(header, 124, 12), at);
}

/** Octal digits; or, where the first bit is set, as GNU tar writes what is too large for them, a binary number. */
function numberIn(header: Buffer, start: number, length: number): number {
  const first = header[start] as number;
  if (first & 0x80) {
    // two's complement in all bits but that first one; no number here may be negative
    const high = first & 0x40 ? Number.NaN : first & 0x3f;
    return header.subarray(start + 1, start + length).reduce((value, byte) => value * 256 + byte, high);
  }
  const digits = textIn(header, start, length).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || "0", 8) : Number.NaN;
}

function nameIn(header: Buffer): string {
  const [name, prefix] = [textIn(header, 0, 100), textIn(header, 345, 155)];
  const isUstar = header.toString("latin1", 257, 263) === "ustar\0"; // GNU's own format keeps other things there
  return isUstar && prefix ? `${prefix}/${name}` : name;
}

function textIn(bytes: Buffer, start: number, length: number): string {
  const text = bytes.toString("utf8", start, start + length);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** Records `LENGTH KEY=VALUE\n`, the length of the record included; zeros may follow. */
function paxFields(path: string, bytes: Buffer, header: number): Extended {
  const fields: Extended = {};
  for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
    const space = bytes.indexOf(" ", at);
    const end = at + Number(bytes.toString("latin1", at, Math.max(space, at)));
    if (!(end > space + 1 && end <= bytes.length)) throw noArchive(path, "bad extended header", header);
    const record = bytes.toString("utf8", space + 1, end - 1);
    const equals = record.indexOf("=");
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    if (key === "path") fields.name = value;
    if (key === "size") fields.length = requireSize(path, /^\d+$/.test(value) ? Number(value) : Number.NaN, header);
    if (key.startsWith("GNU.sparse.")) fields.isSparse = true;
    at = end;
  }
  return fields;
}
