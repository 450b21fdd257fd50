import { requireOneOf, requireProbability, requireThat } from "../check/index.js";
import { image, ones, type Tensor4D, tensor2d, tidy } from "../engine/tensor.js";
import type { Augmentation, ImageShape, Parameters } from "./augmentation.js";
import type { Homography } from "./homography.js";
import { type Applied, maybeApplied } from "./withProbability.js";

/** Options that all warps share. */
export interface WarpOptions {
  /** What a pixel gets that comes from between four: the value of the nearest, or all four by their distance. */
  readonly interpolation?: "nearest" | "bilinear";
  /** Value of what comes from outside of the image; default 0. */
  readonly fill?: number;
  /** With which an image is changed at all. */
  readonly probability?: number;
}

/** What sets one warp apart from another. */
interface Warp<P extends Parameters> extends Pick<Augmentation<P>, "name" | "draw" | "describe"> {
  /** From pixels of the result to pixels of the image. */
  toSource(parameters: P, imageShape: ImageShape): Homography;
}

/**
 * An augmentation that moves the pixels of each image by a homography of its own and keeps the size. Values are those of
 * torchvision on tensors: where a bilinear pixel lies partly outside, what is inside counts by the square of its share.
 */
export function warp<P extends Parameters>(own: Warp<P>, options: Required<WarpOptions>): Augmentation<Applied<P>> {
  const { interpolation, fill, probability } = options;
  requireOneOf(own.name, "interpolation", interpolation, ["nearest", "bilinear"]);
  requireThat(Number.isFinite(fill), own.name, `fill must be finite, got ${fill}`);
  requireProbability(own.name, "probability", probability);
  const apply = (images: Tensor4D, parameters: readonly P[]) => {
    const [, height, width, channels] = images.shape;
    const maps = parameters.map((drawn) => own.toSource(drawn, [height, width, channels]));
    return tidy(() => {
      const rows = tensor2d(maps.flatMap(eightOf), [maps.length, 8]);
      if (interpolation === "nearest") return image.transform(images, rows, "nearest", "constant", fill);
      const inside = image.transform(ones([maps.length, height, width, 1]), rows, "bilinear", "constant", 0);
      const warped = image.transform(images, rows, "bilinear", "constant", 0).mul(inside);
      return warped.add<Tensor4D>(inside.neg().add(1).mul(fill));
    });
  };
  return maybeApplied({ ...own, apply }, probability);
}

/** The first eight entries of a homography whose ninth is 1. */
function eightOf(map: Homography): number[] {
  return map.slice(0, 8).map((entry) => entry / map[8]);
}

/** An angle and its sign, such as `+12.3°`. */
export function degreesInWords(angle: number): string {
  return `${angle < 0 ? "−" : "+"}${Math.abs(angle).toFixed(1)}°`;
}

/** Least and largest value; a number stands for −number … number. */
export function rangeOf(caller: string, name: string, given: number | readonly [number, number]): [number, number] {
  if (typeof given === "number") {
    const isRange = Number.isFinite(given) && given >= 0;
    requireThat(isRange, caller, `${name} must be >= 0 and finite, or least and largest value, got ${given}`);
    return [-given, given];
  }
  const [least, most] = given;
  const isAscending = Number.isFinite(least) && Number.isFinite(most) && least <= most;
  requireThat(isAscending, caller, `${name} must be ascending and finite, got [${given.join(", ")}]`);
  return [least, most];
}
