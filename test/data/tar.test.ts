import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { tarMembers } from "../../src/data/files/tar.js";
import { tarOf } from "../../src/data/files/writeTar.js";
import { useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();
const hello = tarOf({ "a.txt": Buffer.from("hello") });

/** Changes a header, and its checksum to fit. */
function withHeader(archive: Buffer, at: number, change: (header: Buffer) => void): Buffer {
  const bytes = Buffer.from(archive);
  const header = bytes.subarray(at, at + 512);
  change(header);
  header.write("        ", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}

/** The archive behind an extended header with some records. */
function withRecords(records: string): Buffer {
  const extended = tarOf({ pax: Buffer.from(records) }).subarray(0, 1024);
  return Buffer.concat([withHeader(extended, 0, (header) => header.write("x", 156)), hello]);
}

const sized = (size: string) => withHeader(hello, 0, (header) => header.write(size.padEnd(12, "\0"), 124, "latin1"));
/** GNU's numbers, in bytes. */
const binary = (...bytes: number[]) =>
  withHeader(hello, 0, (header) =>
    Buffer.from([...bytes, ...new Array(12 - bytes.length).fill(255)]).copy(header, 124),
  );

// each of them hung, or ended in another message, where sizes were believed
test.each([
  ["negative in an extended header", withRecords("14 size=-1536\n"), "bad size at byte 0"],
  ["no number in an extended header", withRecords("12 size=abc\n"), "bad size at byte 0"],
  ["broken in an extended header", withRecords("12 size=1.5\n"), "bad size at byte 0"],
  ["too large to count with", withRecords("26 size=99999999999999999\n"), "bad size at byte 0"],
  ["not octal", sized("0000000009"), "bad size at byte 0"],
  ["half a number", sized("5 x"), "bad size at byte 0"],
  ["negative, in binary", binary(255), "bad size at byte 0"],
  ["too large, in binary", binary(0x80, 0, 255), "bad size at byte 0"],
  ["a record that is longer than all", withRecords("99 size=5\n"), "bad extended header at byte 0"],
  ["a record without a length", withRecords("size=5\n"), "bad extended header at byte 0"],
])("a size that is none: %s", async (_, archive, message) => {
  const path = join(await newFolder(), "a.tar");
  await writeFile(path, archive);
  await expect(tarMembers(path)).rejects.toThrow(`${path} is no tar archive (${message})`);
});

test("a size in an extended header holds for the member after it, not for a header between", async () => {
  const path = join(await newFolder(), "a.tar");
  const long = withHeader(tarOf({ x: Buffer.from("b.txt") }).subarray(0, 1024), 0, (header) => header.write("L", 156));
  const [records] = [withRecords("10 size=3\n").subarray(0, 1024)];
  await writeFile(path, Buffer.concat([records, long, hello]));
  expect(await tarMembers(path)).toEqual([{ name: "b.txt", offset: 2560, length: 3 }]);
});

test.each(["gnu", "posix"])(
  "a sparse file, as tar --format=%s --sparse writes it, is refused by name",
  async (format) => {
    const folder = await newFolder();
    await promisify(execFile)("sh", [
      "-c",
      `cd "$1" && truncate -s 1M holes.bin && printf x >> holes.bin && tar --format=${format} --sparse -cf a.tar holes.bin`,
      "sh",
      folder,
    ]);
    await expect(tarMembers(join(folder, "a.tar"))).rejects.toThrow(
      /a\.tar has the sparse file .*holes\.bin, which cannot be read; write it without tar's --sparse$/,
    );
  },
);
