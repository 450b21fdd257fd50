import { type FileHandle, open } from "node:fs/promises";

/** One file within a tar archive. */
export interface TarMember {
  readonly name: string;
  /** Where its bytes begin in the archive, and how many there are. */
  readonly offset: number;
  readonly length: number;
}

/** A header, and what every member's bytes are padded to. */
const block = 512;
/** What is read at once: many small members for one call to the disk. */
const windowBytes = 1 << 18;
/** Typeflags of POSIX.1-2017 (pax, ustar) and GNU tar. */
const flags = { file: "0", oldFile: "\0", contiguous: "7", pax: "x", gnuLongName: "L" };

/**
 * Lists the files of a tar archive (ustar, pax, GNU long names and sizes); folders and links are left out. Only headers
 * are read, so an archive of any size can be listed.
 *
 * @throws Error that begins with the path: `… is no tar archive (no valid header at byte 512)`, `… ends within its member
 *   0007.jpg (needs 6144 bytes, has 5000); …`, `… ends without an end mark after 12 files (60000 bytes); …`
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
  const members: TarMember[] = [];
  let own: { name?: string; length?: number } = {}; // what an extended header says of the member after it
  for (let at = 0; at + block <= size; ) {
    const header = await read(at, block);
    if (header[0] === 0 && header.every((byte) => byte === 0)) return members;
    requireHeader(path, header, at);
    const length = own.length ?? numberIn(header, 124, 12);
    const flag = String.fromCharCode(header[156] as number);
    const offset = at + block;
    const name = own.name ?? nameIn(header);
    if (offset + length > size) {
      throw new Error(
        `${path} ends within its member ${name} (needs ${offset + length} bytes, has ${size}); get or write it again`,
      );
    }
    if (flag === flags.pax) own = { ...own, ...paxFields(await read(offset, length)) };
    else if (flag === flags.gnuLongName) own = { ...own, name: textIn(await read(offset, length), 0, length) };
    else {
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
  if (sum !== numberIn(header, 148, 8)) throw new Error(`${path} is no tar archive (no valid header at byte ${at})`);
}

/** Octal digits; or, where the first bit is set, as GNU tar writes what is too large for them, a binary number. */
function numberIn(header: Buffer, start: number, length: number): number {
  if (((header[start] as number) & 0x80) === 0) return Number.parseInt(textIn(header, start, length).trim() || "0", 8);
  return header.subarray(start + 1, start + length).reduce((value, byte) => value * 256 + byte, 0);
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

/** Records `LENGTH KEY=VALUE\n`, the length of the record included. */
function paxFields(bytes: Buffer): { name?: string; length?: number } {
  const fields: { name?: string; length?: number } = {};
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(" ", at);
    const end = at + Number(bytes.toString("latin1", at, space));
    if (!(end > space)) break;
    const record = bytes.toString("utf8", space + 1, end - 1);
    const equals = record.indexOf("=");
    if (record.slice(0, equals) === "path") fields.name = record.slice(equals + 1);
    if (record.slice(0, equals) === "size") fields.length = Number(record.slice(equals + 1));
    at = end;
  }
  return fields;
}

/** The header of a member in a new archive; names over 100 bytes get an extended header before it. */
export function tarHeader(name: string, length: number): Buffer {
  const bytes = Buffer.byteLength(name);
  if (bytes <= 100 && length < 8 ** 11) return plainHeader(name, length, flags.file);
  const record = `path=${name}\n`;
  const body = Buffer.from(sized(Buffer.byteLength(record), record) + sized(0, `size=${length}\n`));
  const short = Buffer.from(name).subarray(0, 100).toString("latin1");
  return Buffer.concat([
    plainHeader("pax", body.length, flags.pax),
    body,
    tarPadding(body.length),
    plainHeader(short, Math.min(length, 8 ** 11 - 1), flags.file),
  ]);
}

function sized(bytes: number, record: string): string {
  const rest = (bytes || record.length) + 1;
  const digits = String(rest + String(rest).length).length;
  return `${rest + digits} ${record}`;
}

/** What follows a member of so many bytes. */
export function tarPadding(length: number): Buffer {
  return Buffer.alloc((block - (length % block)) % block);
}

/** What ends an archive. */
export const tarEnd = Buffer.alloc(2 * block);

function plainHeader(name: string, length: number, flag: string): Buffer {
  const header = Buffer.alloc(block);
  header.write(name, 0, 100, "utf8");
  const zeros = (digits: number) => "0".repeat(digits);
  const [mode, owner, size] = ["0000644", zeros(7), length.toString(8).padStart(11, "0")];
  // mode, user, group, size, time, then the place of the checksum filled with spaces
  header.write([mode, owner, owner, size, zeros(11), `        ${flag}`].join("\0"), 100, "latin1");
  header.write(`ustar\0${zeros(2)}`, 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}
