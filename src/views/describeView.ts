import type { Augmentation, ViewRef } from "./augmentation.js";
import { describeJitter } from "./colorJitter.js";
import { describeBlur } from "./gaussianBlur.js";
import { describeFlip } from "./horizontalFlip.js";
import type { Policy } from "./policy.js";
import { describeGrayscale } from "./randomGrayscale.js";
import { describeCrop } from "./randomResizedCrop.js";

type Describe = Augmentation["describe"];

/** Kinds that come with Kontrast: their parameters can be read without the policy that drew them. */
const known: Readonly<Record<string, Describe>> = {
  randomResizedCrop: describeCrop as Describe,
  horizontalFlip: describeFlip as Describe,
  colorJitter: describeJitter as Describe,
  randomGrayscale: describeGrayscale as Describe,
  gaussianBlur: describeBlur as Describe,
};

/**
 * The parameters of a view in words, in the order of application, such as `crop 18×20 at (4, 7), flipped` (width ×
 * height at left, top); `unchanged` if nothing was done.
 *
 * @param policy needed for augmentations of your own, which otherwise appear as name and values
 */
export function describeView(ref: ViewRef, policy?: Policy): string {
  const own = policy?.augmentations.map(({ name, describe }) => [name, describe] as const) ?? [];
  const describers = new Map<string, Describe>([...Object.entries(known), ...own]);
  const words = Object.entries(ref.parameters).map(
    ([name, parameters]) => describers.get(name)?.(parameters) ?? `${name} ${JSON.stringify(parameters)}`,
  );
  return words.filter((word) => word !== "").join(", ") || "unchanged";
}
