import { createHash } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { isLabel, labelRange } from "../labelColumn.js";
import { cachedByFile } from "./cachedByFile.js";
import { dataFolder } from "./dataFolder.js";
import { makeFile } from "./makeFile.js";
import { absent } from "./verifyFile.js";

/** The images of one Parquet file, one entry per row. */
export interface ParquetImages {
  /** A file in the cache that holds the images' bytes, one after the other. */
  readonly pack: string;
  readonly packBytes: number;
  readonly lengths: readonly number[];
  /** −1 where the row has none, or none that can be read. */
  readonly labels: readonly number[];
  /** The first label that cannot be read, a clause such as `must have an integer … in column label, row 7 has "cat"`. */
  readonly labelProblem?: string;
  /** As the Hugging Face metadata of the file name the labels; absent where they do not. */
  readonly classNames?: readonly string[];
}

/** Which columns are meant; `undefined`: as {@link parquetImages} finds them. */
export interface ParquetColumns {
  readonly image: string | undefined;
  readonly label: string | undefined;
}

/**
 * Makes the images of a Parquet file readable at random: their bytes are copied, row group by row group, into one file of
 * the cache, because a row of a compressed column cannot be read alone. That is done once and holds until the Parquet file
 * has another size or time of change.
 *
 * @param columns.image default: the one with a field `bytes`, as Hugging Face's data sets have it
 * @param columns.label default: `label`, where there is such a column
 * @throws Error that begins with the path: `… must have an image column with a field "bytes", has none; name it, …`, `… has no
 *   column "img"; it has image, label`
 */
export function parquetImages(path: string, columns: ParquetColumns): Promise<ParquetImages> {
  const kind = `images ${columns.image ?? ""} ${columns.label ?? ""}`;
  return cachedByFile(path, kind, () => unpack(path, kind, columns), {
    isWhole: async ({ pack, packBytes }) => (await stat(pack).catch(absent))?.size === packBytes,
  });
}

/** {@link cachedByFile} lets one process at a time do it. */
async function unpack(path: string, kind: string, wanted: ParquetColumns): Promise<ParquetImages> {
  const { size, mtimeMs } = await stat(path);
  const start = `${basename(path)}-${shortHash(`${kind}\n${resolve(path)}`)}-`;
  // never the name of an older state's pack: who reads that has its lengths, and would cut others out of this one
  const pack = join(dataFolder("index"), `${start}${shortHash(`${size} ${mtimeMs}`)}.images`);
  const made = await makeFile(pack, (output) => copyRows(path, wanted, (bytes) => output.writeFile(bytes)));
  await removeOlder(pack, start);
  return { pack, packBytes: made.lengths.reduce((sum, length) => sum + length, 0), ...made };
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Packs of what the Parquet file was before it changed. */
async function removeOlder(pack: string, start: string): Promise<void> {
  const names = await readdir(dirname(pack));
  const older = names.filter((name) => name.startsWith(start) && name.endsWith(".images") && name !== basename(pack));
  await Promise.all(older.map((name) => rm(join(dirname(pack), name), { force: true })));
}

async function copyRows(path: string, wanted: ParquetColumns, write: (bytes: Uint8Array) => Promise<void>) {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((cause: Error) => {
    throw new Error(`${path} must be a whole Parquet file (${cause.message})`, { cause });
  });
  const { image, label } = columnsIn(path, metadata, wanted);
  const columns = label === undefined ? [image] : [image, label];
  const [lengths, labels]: [number[], number[]] = [[], []];
  let labelProblem: string | undefined;
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    // utf8: false, because bytes without a declared type are taken for text otherwise
    const options = { file, metadata, columns, rowStart, rowEnd, utf8: false, compressors };
    const rows = await parquetReadObjects(options).catch((cause: Error) => {
      throw new Error(`${path} cannot be read from row ${rowStart} on (${cause.message})`, { cause });
    });
    for (const [at, row] of rows.entries()) {
      const bytes = bytesOf(path, image, row[image], rowStart + at);
      await write(bytes);
      lengths.push(bytes.length);
      const value = label === undefined ? -1 : labelOf(row[label]);
      labels.push(value ?? -1);
      if (label === undefined || value !== undefined) continue;
      const has = JSON.stringify(String(row[label]));
      labelProblem ??= `must have ${labelRange} in column ${label}, row ${rowStart + at} has ${has}`;
    }
    rowStart = rowEnd;
  }
  const classNames = label === undefined ? undefined : classNamesIn(path, metadata, label);
  return { lengths, labels, ...(classNames && { classNames }), ...(labelProblem !== undefined && { labelProblem }) };
}

function columnsIn(path: string, metadata: FileMetaData, wanted: ParquetColumns) {
  const tree = parquetSchema(metadata).children;
  const names = tree.map(({ element }) => element.name);
  for (const name of [wanted.image, wanted.label]) {
    if (name === undefined || names.includes(name)) continue;
    throw new Error(`${path} has no column ${JSON.stringify(name)}; it has ${names.join(", ")}`);
  }
  const likely = tree.filter(({ children }) => children.some(({ element }) => element.name === "bytes"));
  const image = wanted.image ?? likely[0]?.element.name;
  if (image === undefined || (wanted.image === undefined && likely.length > 1)) {
    const found = likely.map(({ element }) => element.name).join(", ") || "none";
    throw new Error(
      `${path} must have one image column with a field "bytes", has ${found}; name it with image, one of ${names.join(", ")}`,
    );
  }
  return { image, label: wanted.label ?? names.find((name) => name === "label") };
}

function bytesOf(path: string, column: string, value: unknown, row: number): Uint8Array {
  const bytes = value instanceof Uint8Array ? value : (value as { bytes?: unknown } | null)?.bytes;
  if (bytes instanceof Uint8Array) return bytes;
  throw new Error(
    `${path} must have an image's bytes in column ${column}, row ${row} has none (paths are not followed)`,
  );
}

/** −1 where there is none; `undefined` for what is no label. */
function labelOf(value: unknown): number | undefined {
  if (value === null || value === undefined) return -1;
  const label = Number(value);
  return typeof value !== "string" && isLabel(label) ? label : undefined;
}

/** What the `datasets` library writes beside its columns: `{"info": {"features": {"label": {"names": […]}}}}`. */
function classNamesIn(
  path: string,
  { key_value_metadata: entries = [] }: FileMetaData,
  label: string,
): string[] | undefined {
  const text = entries.find(({ key }) => key === "huggingface")?.value;
  if (text === undefined) return undefined;
  const names = jsonIn(path, text)?.info?.features?.[label]?.names;
  if (names === undefined || names === null) return undefined;
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
  throw new Error(
    `${path} must name the labels of column ${label} by a list of texts in its metadata "huggingface", has ` +
      `${JSON.stringify(names).slice(0, 60)}; write the file again without it`,
  );
}

function jsonIn(path: string, text: string) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(
      `${path} must have JSON as its metadata "huggingface" (${(cause as Error).message}); write the file again without it`,
      { cause },
    );
  }
}
