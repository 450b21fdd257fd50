import { requireThat } from "../check/index.js";
import type { ImageArray } from "./dataset.js";
import { groupsOf } from "./groupsOf.js";
import { imageArray } from "./imageArray.js";
import { isLabel, labelRange, namesOfLabels } from "./labelColumn.js";

/** Of ids and groups, which 32-bit columns keep. */
const integerRange = "an integer from -2147483648 to 2147483647";

/** Values of one column, one per item. */
type Column = ArrayLike<number>;

/**
 * A data set of images that are in memory already.
 *
 * @param arrays.images [n, height, width, channels], 0 … 255; kept, not copied
 * @param arrays.imageShape height, width, and 1 or 3 channels
 * @param arrays.labels class of each item, −1 where it is not known; default: −1 for all
 * @param arrays.groups two items of one group are semantically alike; default: the label, and a group of its own for each
 *   item without one
 * @param arrays.ids each once; default 0 … n − 1
 * @param arrays.classNames default the labels as text
 * @param arrays.name default `arrays`
 * @param arrays.factors true latent variables, one column each
 * @throws RangeError `fromArrays: images must have a multiple of 3072 values (32 × 32 × 3), got 100`
 * @throws RangeError `fromArrays: labels must have one entry per image (10), got 9`
 * @throws RangeError `fromArrays: labels must hold an integer from -1 to 2147483647, got 0.5 at 3`
 */
export function fromArrays(arrays: {
  images: Uint8Array;
  imageShape: readonly [number, number, number];
  labels?: Column;
  groups?: Column;
  ids?: Column;
  classNames?: readonly string[];
  name?: string;
  factors?: Readonly<Record<string, Column>>;
}): ImageArray {
  const { images, imageShape, name = "arrays", classNames, factors } = arrays;
  const size = requireSize(images, imageShape);
  const column = (what: string, values: Column, isRight: (value: number) => boolean, expected: string): Column => {
    const isComplete = values.length === size;
    requireThat(isComplete, "fromArrays", `${what} must have one entry per image (${size}), got ${values.length}`);
    const wrong = Array.prototype.findIndex.call(values, (value: number) => !isRight(value));
    requireThat(wrong < 0, "fromArrays", `${what} must hold ${expected}, got ${values[wrong]} at ${wrong}`);
    return values;
  };
  const integers = (what: string, values: Column) =>
    Int32Array.from(column(what, values, (value) => value === (value | 0), integerRange));
  const labels = Int32Array.from(column("labels", arrays.labels ?? new Int32Array(size).fill(-1), isLabel, labelRange));
  const ids = integers("ids", arrays.ids ?? Int32Array.from({ length: size }, (_, position) => position));
  const distinct = new Set(ids).size;
  requireThat(distinct === size, "fromArrays", `ids must hold each id once, got ${distinct} different ones of ${size}`);
  return imageArray({
    name,
    classNames: namesOfLabels("fromArrays", labels, classNames, (position) => `item ${position}`),
    size,
    imageShape,
    images,
    ids,
    labels,
    groups: arrays.groups ? integers("groups", arrays.groups) : groupsOf(labels),
    ...(factors && {
      factors: Object.fromEntries(
        Object.entries(factors).map(([factor, values]) => [
          factor,
          Float32Array.from(column(factor, values, (value) => typeof value === "number", "numbers")),
        ]),
      ),
    }),
  });
}

/** The number of images that the bytes hold. */
function requireSize(images: Uint8Array, imageShape: readonly [number, number, number]): number {
  const [height, width, channels] = imageShape;
  const isShape = [height, width].every((side) => Number.isInteger(side) && side > 0) && [1, 3].includes(channels);
  requireThat(
    isShape,
    "fromArrays",
    `imageShape must be height, width and 1 or 3 channels, got [${imageShape.join(", ")}]`,
  );
  // A notebook's data may have been made without types; floats are most likely in [0, 1].
  requireThat(
    images instanceof Uint8Array,
    "fromArrays",
    `images must be a Uint8Array of values 0 … 255, got ${(images as object)?.constructor?.name}`,
  );
  const extent = height * width * channels;
  requireThat(
    images.length > 0 && images.length % extent === 0,
    "fromArrays",
    `images must have a multiple of ${extent} values (${height} × ${width} × ${channels}), got ${images.length}`,
  );
  return images.length / extent;
}
