import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const unzip = promisify(gunzip);

/** Values of an idx file, row-major. */
export interface Idx {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/**
 * Reads an idx file of unsigned bytes, gzipped or not: two zero bytes, the type (8), the number of axes, each extent as
 * a big-endian uint32, then the values (LeCun, "THE IDX FILE FORMAT", yann.lecun.com/exdb/mnist).
 *
 * @param axes number of axes the file must have: 3 for images, 1 for labels
 * @throws Error that begins with the path and says what was expected: `… must be a whole gzip file (unexpected end of
 *   file)`, `… must begin with the idx magic 00000803 (unsigned bytes, 3 axes), has 00000801`, `… must have 47040016
 *   bytes for its shape [60000, 28, 28], has 100`
 */
export async function readIdx(path: string, axes: number): Promise<Idx> {
  const bytes = await contents(path);
  const expected = `000008${axes.toString(16).padStart(2, "0")}`;
  const magic = bytes.subarray(0, 4).toString("hex");
  if (magic !== expected) {
    throw new Error(
      `${path} must begin with the idx magic ${expected} (unsigned bytes, ${axes} axes), has ${magic || "nothing"}`,
    );
  }
  const header = 4 + 4 * axes;
  if (bytes.length < header) throw new Error(`${path} must have an idx header of ${header} bytes, has ${bytes.length}`);
  const shape = Array.from({ length: axes }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  const total = header + shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length !== total) {
    throw new Error(`${path} must have ${total} bytes for its shape [${shape.join(", ")}], has ${bytes.length}`);
  }
  return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + header, total - header) };
}

async function contents(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  if (!path.endsWith(".gz")) return bytes;
  return unzip(bytes).catch((cause: Error) => {
    throw new Error(`${path} must be a whole gzip file (${cause.message})`, { cause });
  });
}
