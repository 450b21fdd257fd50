import { getBackend, getKernel } from "../tensor.js";

/** Inputs x [..., C], scale [C], offset [C]; attribute varianceEpsilon; outputs y, mean [C], biased variance [C]. */
export const BatchNormTraining = "BatchNormTraining";

/** Inputs dy, x, scale, mean, variance; attribute varianceEpsilon; outputs dx, dScale, dOffset. */
export const BatchNormTrainingGrad = "BatchNormTrainingGrad";

/** Inputs dy and the result y of relu; output dx. */
export const ReluGrad = "ReluGrad";

/** Input images; attributes boxes (Int32Array, 4 per image: top, left, height, width) and size. */
export const ResizedCrop = "ResizedCrop";

/**
 * Input images; attributes factors (Float32Array, 4 per image: brightness, contrast, saturation, hue) and orders
 * (Int32Array, 4 per image: places in that list, −1: no change).
 */
export const ColorJitter = "ColorJitter";

/** Whether the engine in use has a kernel of this name; what is only faster as one kernel is else composed of others. */
export function hasKernel(name: string): boolean {
  return getKernel(name, getBackend()) !== undefined;
}
