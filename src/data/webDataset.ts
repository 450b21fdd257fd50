import { basename } from "node:path";
import { fileStamp, requireThat } from "../check/index.js";
import type { ImageDataset } from "./dataset.js";
import { expandBraces } from "./files/expandBraces.js";
import { type ShardSamples, shardSamples } from "./files/shardSamples.js";
import type { ImageFileOptions } from "./imageFolder.js";
import { encodedImages } from "./images/encodedImages.js";
import { namesOfLabels, requireAllOrNone } from "./labelColumn.js";

/** Options of {@link webDataset}. */
export interface WebDatasetOptions extends ImageFileOptions {
  /** Name of each label; default: the labels as text. */
  classNames?: readonly string[];
  /** Extension of the image where samples have several; default: the one of jpg, jpeg, png, webp that there is. */
  image?: string;
  /** `false`: take all images as unlabeled, whatever the shards say; default `true`. */
  labels?: boolean;
}

/**
 * Images in WebDataset shards (tar archives, https://github.com/webdataset/webdataset), read at random: shards stay on the
 * disk, and a list of what lies where is made once per shard and kept in the cache folder until the shard changes. The label
 * is what `.cls` holds, or the number `label` in `.json`. Images are decoded when they are read, as {@link imageFolder}
 * does.
 *
 * @param shards path with braces, such as `shards-{0000..0099}.tar`, or several
 * @param options.imageShape height, width, channels (1 or 3) that images are brought to
 * @param options.classNames default the labels as text
 * @param options.image extension of the image, where samples have several
 * @param options.labels default `true`
 * @param options.onError default `skip`
 * @param options.name default the name of the first shard
 * @throws Error `webDataset: /…/shards-0001.tar ends within its member 0007.jpg (needs 6144 bytes, has 5000); …`,
 *   `webDataset: /…/shards-0001.tar must have an integer from -1 to 2147483647 in 0007.cls, has "cat"; …`,
 *   `webDataset: 3 of 100 samples have no label, such as 0007 in /…/shards-0000.tar; …`
 */
export async function webDataset(
  shards: string | readonly string[],
  options: WebDatasetOptions,
): Promise<ImageDataset> {
  const paths = [shards].flat().flatMap((pattern) => expandBraces("webDataset", pattern));
  requireThat(paths.length > 0, "webDataset", "shards must name one or more files, got none");
  const { imageShape, classNames, image, labels: wanted = true } = options;
  const { onError = "skip", name = basename(paths[0] as string).replace(/\.tar$/, "") } = options;
  const indexes: ShardSamples[] = [];
  const stamps = paths.map(fileStamp);
  for (const path of paths) {
    const index = await shardSamples(path, image).catch((error) => fail(path, error));
    if (wanted && index.labelProblem !== undefined) {
      throw new Error(`webDataset: ${path} ${index.labelProblem}; labels: false takes all as unlabeled`);
    }
    indexes.push(index);
  }
  const size = indexes.reduce((sum, { keys }) => sum + keys.length, 0);
  if (size === 0) throw new Error(`webDataset: ${paths.join(", ")} must hold images, has none`);
  const shardOf = new Int32Array(size);
  const rowOf = new Int32Array(size);
  const labels = new Int32Array(size).fill(-1);
  let position = 0;
  for (const [shard, index] of indexes.entries()) {
    for (const [row, label] of index.labels.entries()) {
      shardOf[position] = shard;
      rowOf[position] = row;
      if (wanted) labels[position] = label;
      position++;
    }
  }
  const at = (item: number) => {
    const [shard, row] = [shardOf[item] as number, rowOf[item] as number];
    return { path: paths[shard] as string, index: indexes[shard] as ShardSamples, row };
  };
  const keyOf = ({ index, row }: ReturnType<typeof at>) => index.keys[row] as string;
  const sampleOf = (item: number) => `${keyOf(at(item))} in ${at(item).path}`;
  requireAllOrNone("webDataset", labels, sampleOf);
  const parts = {
    name,
    classNames: namesOfLabels("webDataset", labels, classNames, sampleOf),
    imageShape,
    labels,
    placeOf(item: number) {
      const { path, index, row } = at(item);
      return { path, offset: index.offsets[row] as number, length: index.lengths[row] as number };
    },
    requireUnchanged(items: readonly number[]) {
      for (const shard of new Set(items.map((item) => shardOf[item] as number))) {
        const path = paths[shard] as string;
        if (fileStamp(path) === stamps[shard]) continue;
        const what = fileStamp(path) === "" ? "is not there any more" : "has changed since it was opened";
        throw new Error(`webDataset: ${path} ${what}; open the data set again`);
      }
    },
    nameOf(item: number) {
      const place = at(item);
      return `${place.path}/${keyOf(place)}.${place.index.extensions[place.row]}`;
    },
  };
  return encodedImages("webDataset", parts, { onError });
}

function fail(path: string, cause: NodeJS.ErrnoException): never {
  if (cause.code === "ENOENT") {
    throw new Error(`webDataset: ${path} is not there; name the shards that there are`, { cause });
  }
  if (cause.code === undefined) throw new Error(`webDataset: ${cause.message}`, { cause });
  throw new Error(`webDataset: ${path} must be a file that can be read, got ${cause.code}`, { cause });
}
