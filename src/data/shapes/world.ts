import { requireInteger, requirePositive, requireSeed, requireThat, requireWithin } from "../../check/index.js";
import { requireLongTail } from "../synthetic/classPrior.js";
import { backgrounds, textures } from "./patterns.js";
import { type ShapeFactor, shapeFactorNames } from "./shapeFactors.js";
import { silhouetteNames } from "./silhouettes.js";
import { type TransformName, transformNames } from "./transforms.js";

/** What decides how items look; with an id, it gives an image. Options of `shapes`. */
export interface ShapeWorldOptions {
  /** Default 0. */
  readonly seed?: number;
  /** Height and width, px, at least 16; default 32. */
  readonly size?: number;
  /** How many classes, at least 2; classes · looks must be at most 10, the number of silhouettes. Default 10 / looks. */
  readonly classes?: number;
  /**
   * How many silhouettes each class has, each as likely: items that share a class, but not a look. Factor `look`.
   * Default 1.
   */
  readonly looks?: number;
  /** Class k has a share of (k + 1)^−longTail: a power law, 1 is Zipf's; at most 4; default 0, all alike. */
  readonly longTail?: number;
  /**
   * Factors that tell something about the class, and how often: with this probability a factor keeps to its class's slice
   * of its range (for `texture` and `background` its class's kind, for `lightness` light on dark if the class is even),
   * else it is drawn as ever. Default: none.
   */
  readonly correlated?: Readonly<Partial<Record<ShapeFactor, number>>>;
  /** Factors that have one value for all items; default: none. */
  readonly fixed?: Readonly<Partial<Record<ShapeFactor, number>>>;
  /**
   * Share of items, [0, 0.9], that nearly repeat one of the 64 items before them, which may be a repetition, too: the same
   * object and background, moved by up to 1/32 of the width, turned by up to 2°. Factor `original`: the id of the item that
   * began it, the own one where nothing is repeated. A split that `firstId` begins repeats some of the items before it.
   * Default 0.
   */
  readonly nearDuplicates?: number;
  /** Share of items with a digit written over the image, [0, 1]. Factor `glyph`: 0 … 9, or −1 without. Default 0. */
  readonly glyphs?: number;
  /**
   * Transformations of the object, not of its background, in the order in which they act; one list for all classes or one
   * per class. Each has a factor with its parameters, such as `transform.rotate`. The 18 of Transforms-2D, Speicher, Nanda
   * and Gummadi 2024 (arXiv:2407.04325). Default: none.
   */
  readonly transforms?: readonly TransformName[] | readonly (readonly TransformName[])[];
  /** Seed of the transformations: data sets that differ in it alone have the same objects, transformed otherwise. Default `seed`. */
  readonly transformSeed?: number;
}

/** {@link ShapeWorldOptions} with everything settled; plain data. */
export interface ShapeWorld {
  readonly seed: number;
  readonly size: number;
  readonly classes: number;
  readonly looks: number;
  readonly longTail: number;
  readonly correlated: Readonly<Partial<Record<ShapeFactor, number>>>;
  readonly fixed: Readonly<Partial<Record<ShapeFactor, number>>>;
  readonly nearDuplicates: number;
  readonly glyphs: number;
  /** One list per class. */
  readonly transforms: readonly (readonly TransformName[])[];
  readonly transformSeed: number;
}

/** Settles the options. @throws RangeError such as `shapes: classes must be in 2 … 10, got 11` */
export function shapeWorld(options: ShapeWorldOptions): ShapeWorld {
  const { seed = 0, size = 32, looks = 1, longTail = 0, nearDuplicates = 0, glyphs = 0 } = options;
  const { correlated = {}, fixed = {}, transforms = [], transformSeed = seed } = options;
  requireSeed("shapes", seed);
  requireInteger("shapes", "transformSeed", transformSeed, Number.MIN_SAFE_INTEGER);
  requireInteger("shapes", "size", size, 16);
  const most = Math.floor(silhouetteNames.length / 2);
  const hasLooks = Number.isInteger(looks) && looks >= 1 && looks <= most;
  requireThat(hasLooks, "shapes", `looks must be in 1 … ${most}, got ${looks}`);
  const mostClasses = Math.floor(silhouetteNames.length / looks);
  const { classes = mostClasses } = options;
  const possible = Number.isInteger(classes) && classes >= 2 && classes <= mostClasses;
  const withLooks = looks === 1 ? "" : ` with ${looks} looks each`;
  requireThat(possible, "shapes", `classes must be in 2 … ${mostClasses}${withLooks}, got ${classes}`);
  requireLongTail("shapes", longTail);
  requireWithin("shapes", "nearDuplicates", nearDuplicates, 0, 0.9);
  requireWithin("shapes", "glyphs", glyphs, 0, 1);
  requireFactors(correlated, fixed);
  const world = { seed, size, classes, looks, longTail, correlated, fixed, nearDuplicates, glyphs, transformSeed };
  return { ...world, transforms: perClass(transforms, classes) };
}

const kinds: Readonly<Partial<Record<ShapeFactor, number>>> = {
  texture: Object.keys(textures).length,
  background: Object.keys(backgrounds).length,
};

function requireFactors(correlated: Readonly<Record<string, number>>, fixed: Readonly<Record<string, number>>): void {
  for (const name of [...Object.keys(correlated), ...Object.keys(fixed)]) {
    const known = (shapeFactorNames as string[]).includes(name);
    requireThat(known, "shapes", `factors must be of ${shapeFactorNames.join(", ")}, got "${name}"`);
  }
  for (const [name, probability] of Object.entries(correlated)) {
    if (probability === undefined) continue;
    requireWithin("shapes", `correlated.${name}`, probability, 0, 1);
    requireThat(fixed[name] === undefined, "shapes", `${name} must be either correlated or fixed, got both`);
  }
  for (const [name, value] of Object.entries(fixed)) {
    if (value === undefined) continue;
    const count = kinds[name as ShapeFactor];
    if (count !== undefined) {
      requireInteger("shapes", `fixed.${name}`, value);
      requireWithin("shapes", `fixed.${name}`, value, 0, count - 1);
    } else if (name === "rotation") requireWithin("shapes", "fixed.rotation", value, -2 * Math.PI, 2 * Math.PI);
    else if (name === "scale") {
      requirePositive("shapes", "fixed.scale", value);
      requireWithin("shapes", "fixed.scale", value, 0, 0.5);
    } else requireWithin("shapes", `fixed.${name}`, value, 0, 1);
  }
}

function perClass(
  transforms: readonly TransformName[] | readonly (readonly TransformName[])[],
  classes: number,
): readonly (readonly TransformName[])[] {
  const oneForAll = transforms.every((entry) => typeof entry === "string");
  const lists = oneForAll ? new Array(classes).fill(transforms) : (transforms as readonly (readonly TransformName[])[]);
  const what = `transforms must be one list or one per class (${classes}), got ${lists.length}`;
  requireThat(lists.length === classes, "shapes", what);
  for (const list of lists) {
    for (const name of list) {
      const known = transformNames.includes(name);
      requireThat(known, "shapes", `transforms must be of ${transformNames.join(", ")}, got "${name}"`);
      const once = list.indexOf(name) === list.lastIndexOf(name);
      requireThat(once, "shapes", `transforms must name each once, got "${name}" twice`);
    }
  }
  return lists;
}
