import { requireProbability, requireThat } from "../check/index.js";
import { inGroups } from "../engine/fused/inGroups.js";
import { tidy } from "../engine/tensor.js";
import type { Augmentation, ImageShape, Parameters } from "./augmentation.js";
import { identity } from "./homography.js";

/** What was drawn, and whether it is applied. */
export type Applied<P extends Parameters> = P & { readonly applied: boolean };

/**
 * Applies an augmentation to each image with a probability, independently: torchvision's `RandomApply`. For
 * augmentations of your own, and those that have no `probability`; the size of images must stay.
 *
 * @throws RangeError `withProbability: probability must be in [0, 1], got 2`
 */
export function withProbability<P extends Parameters>(
  augmentation: Augmentation<P>,
  probability: number,
): Augmentation<Applied<P>> {
  requireProbability("withProbability", "probability", probability);
  return maybeApplied(augmentation, probability);
}

/** {@link withProbability} for augmentations that check their `probability` under their own name. */
export function maybeApplied<P extends Parameters>(
  inner: Augmentation<P>,
  probability: number,
): Augmentation<Applied<P>> {
  const { sizeOf, toSource } = inner;
  return {
    name: inner.name,
    draw(random, imageShape) {
      const own = random.chance(probability);
      const parameters = inner.draw(random, imageShape);
      return { ...parameters, applied: own && parameters["applied"] !== false };
    },
    apply(images, parameters) {
      requireSameSize(inner, images.shape.slice(1) as unknown as ImageShape);
      if (parameters.every((own) => own.applied)) return inner.apply(images, parameters);
      const chosen = parameters.flatMap((own, position) => (own.applied ? [position] : []));
      return tidy(() =>
        inGroups(images, [chosen], (part, positions) =>
          inner.apply(
            part,
            positions.map((position) => parameters[position] as Applied<P>),
          ),
        ),
      );
    },
    describe: (parameters) => (parameters.applied ? inner.describe(parameters) : ""),
    ...(sizeOf && { sizeOf }),
    ...(toSource && {
      toSource: (parameters: Applied<P>, imageShape: ImageShape) =>
        parameters.applied ? toSource(parameters, imageShape) : identity,
    }),
  };
}

function requireSameSize({ name, sizeOf }: Pick<Augmentation, "name" | "sizeOf">, imageShape: ImageShape): void {
  const [height, width] = imageShape;
  const [tall, wide] = sizeOf?.(imageShape) ?? [height, width];
  const must = `${name} must keep the size of images that it is not always applied to`;
  requireThat(
    tall === height && wide === width,
    "withProbability",
    `${must}, got ${wide}×${tall} of ${width}×${height}`,
  );
}
