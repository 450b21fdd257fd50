import { basename } from "node:path";
import type { ImageDataset } from "./dataset.js";
import { expandBraces } from "./files/expandBraces.js";
import { type ParquetImages, parquetImages } from "./files/parquetImages.js";
import type { ImageFileOptions } from "./imageFolder.js";
import { encodedImages } from "./images/encodedImages.js";
import { namesOfLabels, requireAllOrNone } from "./labelColumn.js";

/** Options of {@link fromParquet}. */
export interface ParquetOptions extends ImageFileOptions {
  /** Column of the encoded images; default: the one with a field `bytes`, as Hugging Face's data sets have it. */
  image?: string;
  /** Column of the labels; default `label`, where there is one. */
  label?: string;
  /** `false`: take all images as unlabeled; default `true`. */
  labels?: boolean;
  /** Name of each label; default: as the files' Hugging Face metadata names them, alike in all, else the labels as text. */
  classNames?: readonly string[];
}

/**
 * Images in Parquet files, such as those of Hugging Face's data sets: a column of encoded images (JPEG, PNG, WebP; bytes, or
 * a record with a field `bytes`) and one of integer labels. The images' bytes are copied into the cache folder once, where
 * they can be read at random; they are decoded when they are read, as {@link imageFolder} does.
 *
 * @param files path with braces, such as `train-{00000..00004}-of-00005.parquet`, or several
 * @param options.imageShape height, width, channels (1 or 3) that images are brought to
 * @param options.image default: the column with a field `bytes`
 * @param options.label default `label`
 * @param options.labels default `true`
 * @param options.classNames default: those of the files' metadata, which must be alike, else the labels as text
 * @param options.onError default `skip`
 * @param options.name default the name of the first file
 * @throws Error `fromParquet: /…/train.parquet must be a whole Parquet file (…)`, `fromParquet: /…/train.parquet must
 *   have an integer from -1 to 2147483647 in column label, row 7 has "cat"; …`, and for columns that are not there
 */
export async function fromParquet(files: string | readonly string[], options: ParquetOptions): Promise<ImageDataset> {
  const paths = [files].flat().flatMap((pattern) => expandBraces("fromParquet", pattern));
  const { imageShape, image, label, labels: wanted = true, onError = "skip" } = options;
  const parts: ParquetImages[] = [];
  for (const path of paths) {
    const part = await parquetImages(path, { image, label }).catch((cause: NodeJS.ErrnoException) => {
      const message = cause.code === "ENOENT" ? `${path} is not there` : cause.message;
      throw new Error(message.startsWith("fromParquet: ") ? message : `fromParquet: ${message}`, { cause });
    });
    if (wanted && part.labelProblem !== undefined) {
      throw new Error(`fromParquet: ${path} ${part.labelProblem}; labels: false takes all as unlabeled`);
    }
    parts.push(part);
  }
  const rows = parts.flatMap((part, file) => rowsOf(part, file));
  if (rows.length === 0)
    throw new Error(`fromParquet: ${paths.join(", ") || "the list of files"} must hold rows, has none`);
  const nameOf = (position: number) => {
    const { file, row } = rows[position] as Row;
    return `${paths[file]}/row ${row}`;
  };
  const labels = Int32Array.from(rows, (row) => (wanted ? row.label : -1));
  requireAllOrNone("fromParquet", labels, nameOf);
  const classNames = options.classNames ?? (wanted ? namesIn(paths, parts) : undefined);
  return encodedImages(
    "fromParquet",
    {
      name: options.name ?? basename(paths[0] as string).replace(/\.parquet$/, ""),
      classNames: namesOfLabels("fromParquet", labels, classNames, nameOf),
      imageShape,
      labels,
      placeOf(position) {
        const { file, offset, length } = rows[position] as Row;
        return { path: (parts[file] as ParquetImages).pack, offset, length };
      },
      nameOf,
    },
    { onError },
  );
}

/** As the files' metadata name the labels; a file may leave it to the others. */
function namesIn(paths: readonly string[], parts: readonly ParquetImages[]): readonly string[] | undefined {
  const first = parts.findIndex(({ classNames }) => classNames !== undefined);
  const names = parts[first]?.classNames;
  if (names === undefined) return undefined;
  for (const [part, { classNames = names }] of parts.entries()) {
    const length = Math.max(names.length, classNames.length);
    const label = Array.from({ length }, (_, at) => at).find((at) => names[at] !== classNames[at]);
    if (label === undefined) continue;
    const [one, other] = [names[label], classNames[label]].map((name) => JSON.stringify(name) ?? "none");
    throw new Error(
      `fromParquet: ${paths[first]} and ${paths[part]} must name the labels alike, label ${label} is ${one} and ${other}; ` +
        "pass classNames",
    );
  }
  return names;
}

interface Row {
  readonly file: number;
  readonly row: number;
  readonly offset: number;
  readonly length: number;
  readonly label: number;
}

function rowsOf({ lengths, labels }: ParquetImages, file: number): Row[] {
  let offset = 0;
  return lengths.map((length, row) => {
    const place = { file, row, offset, length, label: labels[row] as number };
    offset += length;
    return place;
  });
}
