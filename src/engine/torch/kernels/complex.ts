import type { KernelConfig } from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

/** Complex numbers from and to their parts, and the Fourier transform. */
export const complex: KernelConfig[] = [
  kernel<Inputs<"real" | "imag">>("Complex", ({ torch, inputs: { real, imag } }) => torch.call("Complex", real, imag)),
  kernel<Inputs<"input">>("Real", ({ torch, inputs: { input } }) => torch.call("Real", input)),
  kernel<Inputs<"input">>("Imag", ({ torch, inputs: { input } }) => torch.call("Imag", input)),
  kernel<Inputs<"x">>("ComplexAbs", ({ torch, inputs: { x } }) => torch.call("ComplexAbs", x)),
  kernel<Inputs<"input">>("FFT", ({ torch, inputs: { input } }) => torch.call("FFT", input)),
  kernel<Inputs<"input">>("IFFT", ({ torch, inputs: { input } }) => torch.call("IFFT", input)),
];
