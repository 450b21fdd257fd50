import { block, flags } from "./tar.js";

/** A tar archive of some files, such as a shard that {@link webDataset} reads. */
export function tarOf(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts = Object.entries(files).flatMap(([name, bytes]) => [
    tarHeader(name, bytes.length),
    bytes,
    tarPadding(bytes.length),
  ]);
  return Buffer.concat([...parts, tarEnd]);
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
