import { corruptions } from "./corruptions.js";
import { geometricTransforms } from "./geometricTransforms.js";
import { photometricTransforms } from "./photometricTransforms.js";

/**
 * The 18 transformations of Transforms-2D (Speicher, Nanda and Gummadi 2024, arXiv:2407.04325): six geometric ones, about
 * the middle of the object, six photometric ones, six corruptions. Parameters are drawn from the ranges of the authors'
 * code, where they are not named otherwise; lengths are in image widths.
 *
 * | name | parameter | drawn from |
 * |---|---|---|
 * | `translate` | `x`, `y` | [-0.15, 0.15] |
 * | `rotate` | counter-clockwise, radians | [0, 2π] |
 * | `scale` | factor | [0.4, 1] |
 * | `verticalFlip`, `horizontalFlip` | 1 or 0 | each half the time |
 * | `shear` | `x`, `y`, radians | [-50°, 50°] |
 * | `hue` | turns | [-0.5, 0.5] |
 * | `brightness`, `contrast` | factor | [0, 2] |
 * | `gray`, `invert` | 1 or 0 | each half the time |
 * | `posterize` | bits kept, 8 or 1 | each half the time |
 * | `sharpen` | factor, 1 or 7 | each half the time |
 * | `blur` | standard deviation | [0.1, 1.5] / 32 |
 * | `noise` | standard deviation, of 255 | 0 half the time, else [0.05, 0.3] (ours: theirs is 1, and drowns the object) |
 * | `pixelate` | share of the resolution, 1 or 0.3 | each half the time |
 * | `elastic` | amplitude | 0 half the time, else [0.03, 0.08] (ours) |
 * | `erase` | `x`, `y`, the middle of a square 14/32 wide | anywhere inside; −1 half the time: nothing (ours) |
 */
export const shapeTransforms = { ...geometricTransforms, ...photometricTransforms, ...corruptions } as const;

/** Name of one of {@link shapeTransforms}. */
export type TransformName = keyof typeof shapeTransforms;

/** All names, in the order of the table. */
export const transformNames = Object.keys(shapeTransforms) as TransformName[];
