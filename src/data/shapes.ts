import { requireInteger, requireThat } from "../check/index.js";
import type { ImageArray } from "./dataset.js";
import { imageArray } from "./imageArray.js";
import { drawShape, type ShapeFactors } from "./shapes/drawShape.js";
import { silhouettes } from "./shapes/silhouettes.js";

const names = Object.keys(silhouettes);

/**
 * Synthetic images whose truth is known: one of ten silhouettes, at any place, size, tilt, colour and texture, on a
 * background that knows nothing of it. Light on dark and dark on light are equally likely, so no pixel tells the class.
 * The group of an item is its class; classes are drawn independently, so two items share one with probability 1/classes.
 *
 * Item `id` depends on seed, id, size and classes alone: `shapes({ count: 10 })` begins every longer data set, and
 * `firstId` continues one, as a held-out split for example.
 *
 * @param options.count number of items; default 4096
 * @param options.seed default 0
 * @param options.firstId id of the first item; default 0
 * @param options.size height and width, px, at least 16; default 32
 * @param options.classes how many of the silhouettes, 2 … 10; default 10
 * @returns images [count, size, size, 3] and one column per {@link ShapeFactors}
 * @throws RangeError such as `shapes: classes must be in 2 … 10, got 11`
 */
export function shapes(
  options: { count?: number; seed?: number; firstId?: number; size?: number; classes?: number } = {},
): ImageArray {
  const { count = 4096, seed = 0, firstId = 0, size = 32, classes = names.length } = options;
  requireInteger("shapes", "count", count, 1);
  requireInteger("shapes", "firstId", firstId);
  requireInteger("shapes", "size", size, 16);
  const possible = Number.isInteger(classes) && classes >= 2 && classes <= names.length;
  requireThat(possible, "shapes", `classes must be in 2 … ${names.length}, got ${classes}`);
  const extent = size * size * 3;
  const images = new Uint8Array(count * extent);
  const drawn: ShapeFactors[] = [];
  for (let index = 0; index < count; index++) {
    const image = images.subarray(index * extent, (index + 1) * extent);
    drawn.push(drawShape(image, { seed, id: firstId + index, size, classes }));
  }
  const labels = Int32Array.from(drawn, (factors) => factors.class);
  return imageArray({
    name: "shapes",
    classNames: names.slice(0, classes),
    size: count,
    imageShape: [size, size, 3],
    images,
    ids: Int32Array.from({ length: count }, (_, index) => firstId + index),
    labels,
    groups: labels,
    factors: columns(drawn),
  });
}

function columns(drawn: readonly ShapeFactors[]): Record<string, Float32Array> {
  const factorNames = Object.keys(drawn[0] as ShapeFactors) as (keyof ShapeFactors)[];
  return Object.fromEntries(factorNames.map((name) => [name, Float32Array.from(drawn, (factors) => factors[name])]));
}
