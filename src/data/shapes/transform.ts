import type { Random } from "../../check/index.js";
import type { Layer } from "./layer.js";

/** One transformation of an object: which parameters it has, how they are drawn, and what it does. */
export interface Transform {
  /** Names of its parameters beside its own, as `x` in `transform.translate.x`; default: one without a name. */
  readonly parameters?: readonly string[];
  /** The parameters of what changes nothing. */
  readonly identity: readonly number[];
  readonly draw: (random: Random) => readonly number[];
  /** @param random for what the parameters leave open, such as the values of noise */
  readonly apply: (layer: Layer, parameters: readonly number[], at: { center: Center; random: Random }) => Layer;
  /** Where the middle of the object is afterwards; default: where it was. @param size of the image, px */
  readonly move?: (center: Center, parameters: readonly number[], size: number) => Center;
}

/** Middle of the object, px. */
export interface Center {
  readonly x: number;
  readonly y: number;
}
