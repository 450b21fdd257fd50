import { requireThat } from "../check/index.js";
import type { Augmentation } from "./augmentation.js";

/** Augmentations in the order in which they are applied. */
export interface Policy {
  readonly name: string;
  readonly augmentations: readonly Augmentation[];
}

/**
 * Composes augmentations; the first is applied first.
 *
 * @throws RangeError `policy: augmentations must have different names, got "horizontalFlip" twice`
 */
export function policy(name: string, ...augmentations: Augmentation[]): Policy {
  const names = augmentations.map((augmentation) => augmentation.name);
  const twice = names.find((other, index) => names.indexOf(other) !== index);
  requireThat(twice === undefined, "policy", `augmentations must have different names, got "${twice}" twice`);
  return { name, augmentations };
}
