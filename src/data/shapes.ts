import type { ImageArray, ImageDataset } from "./dataset.js";
import { shapeColumns } from "./shapes/columns.js";
import { silhouetteNames } from "./shapes/silhouettes.js";
import { type ShapeWorldOptions, shapeWorld } from "./shapes/world.js";
import { generated } from "./synthetic/generated.js";
import { itemIds } from "./synthetic/itemIds.js";

/** Options of {@link shapes}. */
export interface ShapesOptions extends ShapeWorldOptions {
  /** Number of items; default 4096. */
  readonly count?: number;
  /** Id of the first item; default 0. */
  readonly firstId?: number;
  /**
   * Whether images are drawn each time they are read, in threads beside the training, instead of now and kept in memory
   * (3 kB each at 32 px): for more items than memory holds. The same images. The columns are there from the beginning, in
   * about a second and 52 MB for a million items. Default `false`.
   */
  readonly lazy?: boolean;
}

/**
 * Synthetic images whose truth is known: one of ten silhouettes, at any place, size, tilt, color and texture, on a
 * background that knows nothing of it. Light on dark and dark on light are equally likely, so no pixel tells the class.
 * The group of an item is its class; classes are drawn independently, so two items share one with probability 1/classes.
 * Options make the classes uneven or of several looks, tie factors to the class, repeat items nearly, transform the
 * objects.
 *
 * An item depends on its id and the options alone, without `count`, `firstId` and `lazy`: `shapes({ count: 10 })` begins
 * every longer data set, and `firstId` continues one, as a held-out split for example.
 *
 * @returns images [count, size, size, 3] and one column per factor: `class`, `hue`, `lightness`, `texture`, `positionX`,
 *   `positionY`, `scale`, `rotation`, `background`, `backgroundHue`, `backgroundLightness`, and those that options add
 * @throws RangeError such as `shapes: classes must be in 2 … 10, got 11`
 */
export function shapes(options: ShapesOptions & { readonly lazy: true }): ImageDataset;
export function shapes(options?: ShapesOptions & { readonly lazy?: false }): ImageArray;
export function shapes(options?: ShapesOptions): ImageDataset;
export function shapes(options: ShapesOptions = {}): ImageDataset {
  const { count = 4096, firstId = 0, lazy = false, ...appearance } = options;
  const ids = itemIds("shapes", firstId, count);
  const world = shapeWorld(appearance);
  const factors = shapeColumns(world, firstId, count);
  const labels = Int32Array.from(factors["class"] as Float32Array);
  const parts = {
    name: "shapes",
    classNames: classNames(world),
    size: count,
    imageShape: [world.size, world.size, 3] as const,
    ids,
    labels,
    groups: labels,
    factors,
  };
  return generated(parts, { kind: "shapes", world, lazy });
}

/** Look l of class k is silhouette k + l · classes; a class has all their names, such as `disc or ring`. */
function classNames({ classes, looks }: { readonly classes: number; readonly looks: number }): string[] {
  return Array.from({ length: classes }, (_, label) =>
    Array.from({ length: looks }, (__, look) => silhouetteNames[label + look * classes]).join(" or "),
  );
}
