import { type Random, seededRandom } from "../../check/index.js";
import { shapeTransforms, type TransformName, transformNames } from "./transforms.js";
import type { ShapeWorld } from "./world.js";

/** A transformation of one item. */
interface DrawnTransform {
  readonly name: TransformName;
  readonly parameters: readonly number[];
  /** The rest of the stream that the parameters were drawn from. */
  readonly random: Random;
}

const stream = 5;

/** The transformations of an item, in the order in which they act. Each has a stream of its own, whichever others there are. */
export function drawnTransforms(
  { transforms, transformSeed }: ShapeWorld,
  label: number,
  id: number,
): DrawnTransform[] {
  return (transforms[label] ?? []).map((name) => {
    const random = seededRandom(transformSeed, id, stream, transformNames.indexOf(name));
    return { name, parameters: shapeTransforms[name].draw(random), random };
  });
}

/** Names of the factors of one transformation, such as `transform.translate.x`. */
export function transformColumns(name: TransformName): string[] {
  const { parameters } = shapeTransforms[name];
  return parameters ? parameters.map((parameter) => `transform.${name}.${parameter}`) : [`transform.${name}`];
}
