import { requireThat } from "../check/index.js";
import type { ImageArray } from "./dataset.js";
import { imageArray } from "./imageArray.js";

/** Values of one column, one per item. */
type Column = ArrayLike<number>;

/**
 * A data set of images that are in memory already.
 *
 * @param arrays.images [n, height, width, channels], 0 … 255; kept, not copied
 * @param arrays.imageShape height, width, channels
 * @param arrays.labels class of each item, −1 where it is not known; default: −1 for all
 * @param arrays.groups two items of one group are semantically alike; default: the labels, and the position (nobody is
 *   alike) where there are none
 * @param arrays.ids default 0 … n − 1
 * @param arrays.classNames default the labels as text
 * @param arrays.name default `arrays`
 * @param arrays.factors true latent variables, one column each
 * @throws RangeError `fromArrays: images must have a multiple of 3072 values (32 × 32 × 3), got 100`
 * @throws RangeError `fromArrays: labels must have one entry per image (10), got 9`
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
  const { images, imageShape, name = "arrays", factors } = arrays;
  const [height, width, channels] = imageShape;
  const extent = height * width * channels;
  const isShape = imageShape.every((side) => Number.isInteger(side) && side > 0);
  requireThat(isShape, "fromArrays", `imageShape must be three positive integers, got [${imageShape.join(", ")}]`);
  requireThat(
    images.length % extent === 0,
    "fromArrays",
    `images must have a multiple of ${extent} values (${height} × ${width} × ${channels}), got ${images.length}`,
  );
  const size = images.length / extent;
  const column = <Values>(what: string, values: Column, make: { from(values: Column): Values }): Values => {
    requireThat(
      values.length === size,
      "fromArrays",
      `${what} must have one entry per image (${size}), got ${values.length}`,
    );
    return make.from(values);
  };
  const count = Int32Array.from({ length: size }, (_, position) => position);
  const labels = column("labels", arrays.labels ?? new Int32Array(size).fill(-1), Int32Array);
  const lastLabel = labels.reduce((last, label) => Math.max(last, label), -1);
  return imageArray({
    name,
    classNames: arrays.classNames ?? Array.from({ length: lastLabel + 1 }, (_, label) => String(label)),
    size,
    imageShape,
    images,
    ids: column("ids", arrays.ids ?? count, Int32Array),
    labels,
    groups: column("groups", arrays.groups ?? arrays.labels ?? count, Int32Array),
    ...(factors && {
      factors: Object.fromEntries(
        Object.entries(factors).map(([factor, values]) => [factor, column(factor, values, Float32Array)]),
      ),
    }),
  });
}
