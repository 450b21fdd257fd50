import { registerComposedBatchNorm } from "./composedBatchNorm.js";
import { registerComposedColorJitter } from "./composedColorJitter.js";
import { registerComposedResizedCrop } from "./composedResizedCrop.js";

/** Registers all own kernels, composed of tfjs operations, for an engine that has none of them. */
export function registerComposedKernels(backendName: string): void {
  registerComposedBatchNorm(backendName);
  registerComposedResizedCrop(backendName);
  registerComposedColorJitter(backendName);
}
