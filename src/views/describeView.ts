import type { Augmentation, ViewRef } from "./augmentation.js";
import { colorJitter } from "./colorJitter.js";
import { cutout } from "./cutout.js";
import { equalize } from "./equalize.js";
import { gaussianBlur } from "./gaussianBlur.js";
import { horizontalFlip } from "./horizontalFlip.js";
import { normalize } from "./normalize.js";
import type { Policy } from "./policy.js";
import { posterize } from "./posterize.js";
import { randomAffine } from "./randomAffine.js";
import { randomErasing } from "./randomErasing.js";
import { randomGrayscale } from "./randomGrayscale.js";
import { randomPerspective } from "./randomPerspective.js";
import { randomResizedCrop } from "./randomResizedCrop.js";
import { randomRotation } from "./randomRotation.js";
import { solarize } from "./solarize.js";
import { verticalFlip } from "./verticalFlip.js";

/** Kinds that come with Kontrast: their parameters can be read without the policy that drew them. */
const known: readonly Augmentation[] = [
  randomResizedCrop(),
  horizontalFlip(),
  verticalFlip(),
  randomRotation({ degrees: 0 }),
  randomAffine({ degrees: 0 }),
  randomPerspective(),
  colorJitter(),
  randomGrayscale(),
  gaussianBlur(),
  solarize(),
  posterize({ bits: 8 }),
  equalize(),
  randomErasing(),
  cutout(),
  normalize({ mean: [0], std: [1] }),
] as readonly Augmentation[];

/**
 * The parameters of a view in words, in the order of application, such as `crop 18×20 at (4, 7), flipped` (width ×
 * height at left, top); `unchanged` if nothing was done.
 *
 * @param policy needed for augmentations of your own, which otherwise appear as name and values
 */
export function describeView(ref: ViewRef, policy?: Policy): string {
  const all = [...known, ...(policy?.augmentations ?? [])];
  const describers = new Map(all.map((augmentation) => [augmentation.name, augmentation]));
  const words = Object.entries(ref.parameters).map(([name, parameters]) => {
    if (parameters["applied"] === false) return "";
    return describers.get(name)?.describe(parameters) ?? `${name} ${JSON.stringify(parameters)}`;
  });
  return words.filter((word) => word !== "").join(", ") || "unchanged";
}
