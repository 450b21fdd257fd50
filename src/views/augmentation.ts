import type { Random } from "../check/index.js";
import type { Tensor4D } from "../engine/tensor.js";
import type { Homography } from "./homography.js";

/** What one augmentation drew for one image; `applied: false` where it leaves the image as it is. */
export type Parameters = Readonly<Record<string, number | boolean | readonly number[]>>;

/** What all augmentations of a policy drew for one image, by the name of the augmentation. */
export type ViewParameters = Readonly<Record<string, Parameters>>;

/** Pixels of an image, and its channels. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Where the pixels of a view lie in its item's image. */
export interface ViewGeometry {
  /** Height and width of the image, px. */
  readonly imageSize: readonly [number, number];
  /** One per augmentation that moves pixels, in the order of application. */
  readonly steps: readonly {
    /** Height and width of what the step made, px. */
    readonly size: readonly [number, number];
    /** From pixels of what the step made to pixels of what it was given. */
    readonly toSource: Homography;
  }[];
}

/** Names a view of an item so exactly that `replay` draws it again. */
export interface ViewRef {
  /** Id of the item. */
  readonly item: number;
  /** Which of the item's views in its step, from 0. */
  readonly view: number;
  readonly parameters: ViewParameters;
  /** What {@link correspondence} reads; views of `makeView` have it. */
  readonly geometry?: ViewGeometry;
}

/** A random change of images, split in two: what is drawn for each image, and what is then done to a whole batch. */
export interface Augmentation<P extends Parameters = Parameters> {
  /** Key of its parameters; unique within a policy. */
  readonly name: string;
  /** Draws the parameters of one image, whose shape is that at this place of the policy. */
  draw(random: Random, imageShape: ImageShape): P;
  /**
   * Applies one set of parameters to each image. Values do not depend on what else is in the batch, to the last bit.
   *
   * @param images [batch, height, width, channels] in [0, 1] unless they were normalized; not disposed of
   */
  apply(images: Tensor4D, parameters: readonly P[]): Tensor4D;
  /** The parameters in words, such as `hue +0.03`; empty if they leave the image as it is. */
  describe(parameters: P): string;
  /** Height and width of the results, px; without it those of the images. */
  sizeOf?(imageShape: ImageShape): readonly [number, number];
  /** Where the pixels of the result come from; without it each comes from its own place. */
  toSource?(parameters: P, imageShape: ImageShape): Homography;
}
