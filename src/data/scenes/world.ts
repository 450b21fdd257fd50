import { requireInteger, requireSeed, requireThat, requireWithin } from "../../check/index.js";
import { silhouetteNames } from "../shapes/silhouettes.js";

/** What decides how scenes look; with an id, it gives an image. Options of `scenes`. */
export interface SceneWorldOptions {
  /** Default 0. */
  readonly seed?: number;
  /** Height and width, px, at least 32; default 64. */
  readonly size?: number;
  /** How many of the silhouettes, 2 … 10; default 10. */
  readonly classes?: number;
  /** Fewest and most objects of a scene, within 1 … 8, each number as likely; default [1, 4]. */
  readonly objects?: readonly [number, number];
  /**
   * How much objects may hide each other, [0, 0.7]: two of radii r and s are at least (1 − overlap) · (r + s) apart.
   * Default 0: none touch.
   */
  readonly overlap?: number;
  /**
   * Objects come from a catalogue of so many, at least the most objects of a scene: the same object, in its color and
   * texture, is met again in other scenes, elsewhere, turned and of another size. Object n is of class n mod classes.
   * Default: none; every object is met once.
   */
  readonly catalogue?: number;
}

/** {@link SceneWorldOptions} with everything settled; plain data. */
export interface SceneWorld {
  readonly seed: number;
  readonly size: number;
  readonly classes: number;
  readonly objects: readonly [number, number];
  readonly overlap: number;
  /** 0: every object is met once. */
  readonly catalogue: number;
}

/** Settles the options. @throws RangeError such as `scenes: classes must be in 2 … 10, got 11` */
export function sceneWorld(options: SceneWorldOptions): SceneWorld {
  const { seed = 0, size = 64, classes = silhouetteNames.length, objects = [1, 4], overlap = 0, catalogue } = options;
  requireSeed("scenes", seed);
  requireInteger("scenes", "size", size, 32);
  const possible = Number.isInteger(classes) && classes >= 2 && classes <= silhouetteNames.length;
  requireThat(possible, "scenes", `classes must be in 2 … ${silhouetteNames.length}, got ${classes}`);
  const [fewest, most] = objects;
  const inOrder = objects.every(Number.isInteger) && fewest >= 1 && fewest <= most && most <= 8;
  requireThat(inOrder, "scenes", `objects must be fewest and most, within 1 … 8, got [${objects.join(", ")}]`);
  requireWithin("scenes", "overlap", overlap, 0, 0.7);
  if (catalogue !== undefined) requireInteger("scenes", "catalogue", catalogue, most);
  return { seed, size, classes, objects: [fewest, most], overlap, catalogue: catalogue ?? 0 };
}
