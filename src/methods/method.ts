import type { Encoder } from "../encoders/index.js";
import type { Scalar, Tensor4D } from "../engine/tensor.js";
import type { PairTable } from "../objectives/index.js";
import type { Policy, ViewRef } from "../views/index.js";

/** The views of one batch, [n, height, width, channels] each; row i of every view is of the same item. */
export type Views = readonly Tensor4D[];

/** Which view of which item each row of each of the {@link Views} is. */
export type ViewRefs = readonly (readonly ViewRef[])[];

/** A recipe named after its paper: encoder, views and objective, with the teacher and queue where it has them. */
export interface Method {
  readonly name: string;
  /** What sets this recipe apart, for the record of a run. */
  readonly options: Readonly<Record<string, number | string | boolean>>;
  /** What is trained. */
  readonly encoder: Encoder;
  /** How the views of each item are made, one policy per view; their sizes may differ. */
  readonly policies: readonly Policy[];
  /** Loss of one batch, in nats, differentiable in `encoder.trainableVariables()`. */
  loss(views: Views, refs: ViewRefs): Scalar;
  /** Moves teacher and queue on; follows the optimizer's update of each `loss`. */
  afterUpdate(): void;
  /**
   * What the objective says of every pair of these views, with batch statistics as in training. Changes nothing: not the
   * teacher, the queue or any moving statistics. The table belongs to the caller.
   */
  pairTable(views: Views, refs: ViewRefs): PairTable;
  /** Lets go of what the method made: queue and teacher, not the encoder it was given. */
  dispose(): void;
}
