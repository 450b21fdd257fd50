import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { requireThat } from "../../check/index.js";
import { ColorJitter, type ColorJitterAttrs } from "../fused/index.js";
import { registerKernel, type TensorInfo } from "../tensor.js";
import { brightness, contrast, hue, saturation } from "./colors.js";
import { fillOnHeap } from "./heap.js";

/** In the numbering of the kernel's orders. */
const changes = [brightness, contrast, saturation, hue];

/** Changes the colours of each image in its own order, in one pass over the pixels on the host. */
export function registerColorJitter(): void {
  registerKernel({
    kernelName: ColorJitter,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { images } = inputs as unknown as { images: TensorInfo };
      const { factors, orders } = attrs as unknown as ColorJitterAttrs;
      const [n = 0, height = 0, width = 0, channels = 0] = images.shape;
      requireThat(channels === 1 || channels === 3, "ColorJitter", `images must have 1 or 3 channels, got ${channels}`);
      const length = height * width * channels;
      return fillOnHeap(backend as BackendWasm, [images], images, (result, pixels) => {
        result.set(pixels);
        for (let image = 0; image < n; image++) {
          const own = result.subarray(image * length, (image + 1) * length) as Float32Array;
          for (const change of orders.subarray(4 * image, 4 * image + 4)) {
            changes[change]?.(own, factors[4 * image + change] as number, channels);
          }
        }
      });
    },
  });
}
