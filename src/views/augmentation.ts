import type { Random } from "../check/index.js";
import type { Tensor4D } from "../engine/tensor.js";

/** What one augmentation drew for one image. */
export type Parameters = Readonly<Record<string, number | boolean | readonly number[]>>;

/** What all augmentations of a policy drew for one image, by the name of the augmentation. */
export type ViewParameters = Readonly<Record<string, Parameters>>;

/** Names a view of an item so exactly that `replay` draws it again. */
export interface ViewRef {
  /** Id of the item. */
  readonly item: number;
  /** Which of the item's views in its step, from 0. */
  readonly view: number;
  readonly parameters: ViewParameters;
}

/** A random change of images, split in two: what is drawn for each image, and what is then done to a whole batch. */
export interface Augmentation<P extends Parameters = Parameters> {
  /** Key of its parameters; unique within a policy. */
  readonly name: string;
  /** Draws the parameters of one image; always the same number of random numbers, whatever comes of them. */
  draw(random: Random, imageShape: readonly [number, number, number]): P;
  /**
   * Applies one set of parameters to each image. Values do not depend on what else is in the batch, to the last bit.
   *
   * @param images [batch, height, width, channels] in [0, 1]; not disposed of
   */
  apply(images: Tensor4D, parameters: readonly P[]): Tensor4D;
  /** The parameters in words, such as `hue +0.03`; empty if they leave the image as it is. */
  describe(parameters: P): string;
}
