import type { LayersModel, Tensor2D, Tensor4D, Variable } from "../engine/tensor.js";

/** How a model is applied. */
export interface ApplyOptions {
  /** Normalizes with the statistics of the batch instead of the moving ones; default `false`. */
  readonly training?: boolean;
  /** Whether a training pass also moves the moving statistics; default `true`. */
  readonly updateStatistics?: boolean;
}

/** A backbone with its projector. Both are tf.LayersModel, so they save and load in the tfjs format. */
export interface Encoder {
  /** Images [n, height, width, channels] in [0, 1] → representation h, [n, dimensions]. */
  readonly backbone: LayersModel;
  /** h → embedding z, [n, dimensions], of any length. */
  readonly projector: LayersModel;
  /** h, [n, dimensions], what probes and neighbours look at. */
  represent(images: Tensor4D, options?: ApplyOptions): Tensor2D;
  /** z of unit length, [n, dimensions], what objectives look at. */
  embed(images: Tensor4D, options?: ApplyOptions): Tensor2D;
  /** What an optimizer trains; the same order for equal architectures. */
  trainableVariables(): Variable[];
  /** The trainable variables and the moving statistics; the same order for equal architectures. */
  variables(): Variable[];
  dispose(): void;
}
