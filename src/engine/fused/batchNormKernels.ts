import type { NamedTensorInfoMap, TensorInfo } from "../tensor.js";

/** Inputs of BatchNormTraining; outputs y [..., C], mean [C], biased variance [C]. */
export interface BatchNormInputs extends NamedTensorInfoMap {
  /** [..., C] */
  readonly x: TensorInfo;
  /** [C] */
  readonly scale: TensorInfo;
  /** [C] */
  readonly offset: TensorInfo;
}

/** Inputs of BatchNormAddTraining, which adds a tensor of x's shape to what it has normalized. */
export interface BatchNormAddInputs extends BatchNormInputs {
  readonly residual: TensorInfo;
}

/** Inputs of BatchNormTrainingGrad; outputs dx, dScale, dOffset. */
export interface BatchNormGradInputs extends BatchNormInputs {
  readonly dy: TensorInfo;
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
}

/** Inputs of BatchNormAddTrainingGrad; outputs dx, dScale, dOffset, dResidual. */
export interface BatchNormAddGradInputs extends BatchNormGradInputs {
  /** The result. */
  readonly y: TensorInfo;
}

/** Attributes of all four. */
export interface BatchNormAttrs {
  /** Added to the variance. */
  readonly epsilon: number;
  /** Whether negative results become 0; BatchNormAddTraining always does that. */
  readonly relu: boolean;
}
