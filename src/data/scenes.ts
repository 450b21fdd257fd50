import { positionsIn } from "./batchOf.js";
import type { ImageArray, ImageDataset } from "./dataset.js";
import { annotateScene, type SceneAnnotation } from "./scenes/drawScene.js";
import { sceneItem } from "./scenes/item.js";
import { type SceneWorld, type SceneWorldOptions, sceneWorld } from "./scenes/world.js";
import { silhouetteNames } from "./shapes/silhouettes.js";
import { generated } from "./synthetic/generated.js";
import { itemIds } from "./synthetic/itemIds.js";

/** Options of {@link scenes}. */
export interface ScenesOptions extends SceneWorldOptions {
  /** Number of scenes; default 1024. */
  readonly count?: number;
  /** Id of the first scene; default 0. */
  readonly firstId?: number;
  /** Whether images are drawn each time they are read, in threads, instead of now and kept in memory; default `false`. */
  readonly lazy?: boolean;
}

/** The masks and boxes of a data set of scenes. A `subset` has none: `firstId` makes a second split that has. */
export interface Annotated {
  /**
   * What is seen at every pixel of some scenes, found anew each time.
   *
   * @param indices positions in the data set (not ids)
   */
  annotations(indices: ArrayLike<number>): SceneAnnotation[];
}

/**
 * Synthetic images of several light objects on a dark background, with masks and boxes that are true to the pixel. The
 * label of a scene is the class of its object of the largest radius (which need not cover most pixels); two scenes are of one group if they show the same set of classes.
 * `annotations` has the truth about each object.
 *
 * A scene depends on its id and the options alone, without `count`, `firstId` and `lazy`.
 *
 * @returns images [count, size, size, 3] and the factors `objects` (how many), `contains.disc` (how many of them; likewise
 *   for each class), `background`, `backgroundHue`, `backgroundLightness`
 * @throws RangeError such as `scenes: objects must be fewest and most, within 1 … 8, got [3, 2]`
 */
export function scenes(options: ScenesOptions & { readonly lazy: true }): ImageDataset & Annotated;
export function scenes(options?: ScenesOptions & { readonly lazy?: false }): ImageArray & Annotated;
export function scenes(options?: ScenesOptions): ImageDataset & Annotated;
export function scenes(options: ScenesOptions = {}): ImageDataset & Annotated {
  const { count = 1024, firstId = 0, lazy = false, ...appearance } = options;
  const ids = itemIds("scenes", firstId, count);
  const world = sceneWorld(appearance);
  const items = {
    name: "scenes",
    classNames: silhouetteNames.slice(0, world.classes),
    size: count,
    imageShape: [world.size, world.size, 3] as const,
    ids,
    ...columnsOf(world, firstId, count),
  };
  return {
    ...generated(items, { kind: "scenes", world, lazy }),
    annotations: (indices) =>
      Array.from(positionsIn("annotations", items, indices), (at) => annotateScene(world, items.ids[at] as number)),
  };
}

function columnsOf(world: SceneWorld, firstId: number, count: number) {
  const column = () => new Float32Array(count);
  const contains = Array.from({ length: world.classes }, column);
  const [objects, background, backgroundHue, backgroundLightness] = [column(), column(), column(), column()];
  const [labels, groups] = [new Int32Array(count), new Int32Array(count)];
  for (let index = 0; index < count; index++) {
    const scene = sceneItem(world, firstId + index);
    const largest = scene.objects.reduce((one, other) => (other.scale > one.scale ? other : one));
    labels[index] = largest.class;
    groups[index] = scene.objects.reduce((set, object) => set | (1 << object.class), 0);
    objects[index] = scene.objects.length;
    for (const { class: label } of scene.objects) {
      const held = contains[label] as Float32Array;
      held[index] = (held[index] as number) + 1;
    }
    background[index] = scene.background;
    backgroundHue[index] = scene.backgroundHue;
    backgroundLightness[index] = scene.backgroundLightness;
  }
  const perClass = contains.map((values, label) => [`contains.${silhouetteNames[label]}`, values] as const);
  const factors: Record<string, Float32Array> = {
    objects,
    ...Object.fromEntries(perClass),
    background,
    backgroundHue,
    backgroundLightness,
  };
  return { labels, groups, factors };
}
