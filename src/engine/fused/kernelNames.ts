import { getBackend, getKernel } from "../tensor.js";

/** Batch normalization and relu, then their gradient; inputs and attributes in batchNormKernels.ts. */
export const BatchNormTraining = "BatchNormTraining";
export const BatchNormTrainingGrad = "BatchNormTrainingGrad";

/** Batch normalization, a sum and relu, then their gradient; inputs and attributes in batchNormKernels.ts. */
export const BatchNormAddTraining = "BatchNormAddTraining";
export const BatchNormAddTrainingGrad = "BatchNormAddTrainingGrad";

/** Inputs dy and the result y of relu; output dx. */
export const ReluGrad = "ReluGrad";

/** Input images; attributes boxes (Int32Array, 4 per image: top, left, height, width), size and antialias. */
export const ResizedCrop = "ResizedCrop";

/**
 * Input images; attributes factors (Float32Array, 4 per image: brightness, contrast, saturation, hue) and orders
 * (Int32Array, 4 per image: places in that list, −1: no change).
 */
export const ColorJitter = "ColorJitter";

/** Input z [2n, d], row i + n the other view of row i; attribute temperature; outputs loss (scalar) and rows [2, 2n]. */
export const NtXent = "NtXent";

/** Inputs dy (scalar), z, and NtXent's rows; attribute temperature; output dz. */
export const NtXentGrad = "NtXentGrad";

/**
 * Inputs logits [rows, columns] and target, of the same shape or int32 [rows] (labels); attribute temperature; outputs
 * loss (scalar, the mean) and rows [4, rows], the first of which are the losses.
 */
export const SoftmaxCrossEntropy = "SoftmaxCrossEntropy";

/** Inputs dy (scalar), logits, target, and SoftmaxCrossEntropy's rows; attribute temperature; output dLogits. */
export const SoftmaxCrossEntropyGrad = "SoftmaxCrossEntropyGrad";

/**
 * Inputs weight0, velocity0, gradient0, weight1, …; attributes decays (one per weight), learningRate, momentum; outputs
 * all new weights, then all new velocities. The old ones count as given away: see {@link sgdUpdate}.
 */
export const SgdUpdate = "SgdUpdate";

/** Inputs target0, source0, target1, …; attribute momentum; outputs the new targets. The old ones count as given away. */
export const MoveTowards = "MoveTowards";

/** Attributes bytes (Uint8Array), positions (Int32Array), shape of one image; output [n, ...shape], each byte / 255. */
export const ImagesOfBytes = "ImagesOfBytes";

/** Input images [n, h, w, c]; attributes flipped (Uint8Array, one per image, 0 or 1) and axis (1 rows, 2 columns). */
export const FlipImages = "FlipImages";

/** Input images [n, h, w, c]; attributes weights (Float32Array, `taps` per image, middle weight 1: no change) and taps. */
export const GaussianBlur = "GaussianBlur";

/** Whether the engine in use has a kernel of this name; what is only faster as one kernel is else composed of others. */
export function hasKernel(name: string): boolean {
  return getKernel(name, getBackend()) !== undefined;
}
