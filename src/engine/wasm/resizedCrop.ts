import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type CropSamples, cropSamples, placeSamples } from "../fused/cropSamples.js";
import { ResizedCrop, type ResizedCropAttrs } from "../fused/index.js";
import { registerKernel, type TensorInfo } from "../tensor.js";
import { fillOnHeap } from "./heap.js";

/** Cuts a box out of each image and resizes it bilinearly, in one pass over the pixels on the host. */
export function registerResizedCrop(): void {
  registerKernel({
    kernelName: ResizedCrop,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { images } = inputs as unknown as { images: TensorInfo };
      const { boxes, size } = attrs as unknown as ResizedCropAttrs;
      const [n = 0, height = 0, width = 0, channels = 0] = images.shape;
      const shape = [n, ...size, channels];
      return fillOnHeap(backend as BackendWasm, [images], { shape, dtype: "float32" }, (result, pixels) => {
        const rows = cropSamples(size[0]);
        const columns = cropSamples(size[1]);
        const line = new Float32Array(width * channels);
        for (let image = 0, at = 0; image < n; image++) {
          const [top, left, extent, across] = boxes.subarray(4 * image, 4 * image + 4) as unknown as Box;
          placeSamples(rows, top, extent, image * height, width * channels);
          placeSamples(columns, left, across, 0, channels);
          for (let row = 0; row < size[0]; row++) {
            blendRows(line, pixels as Float32Array, rows, row);
            at = blendColumns(result as Float32Array, at, line, columns, channels);
          }
        }
      });
    },
  });
}

type Box = readonly [top: number, left: number, height: number, width: number];

function blendRows(line: Float32Array, pixels: Float32Array, rows: CropSamples, row: number): void {
  const above = rows.before[row] as number;
  const below = rows.after[row] as number;
  const share = rows.share[row] as number;
  for (let k = 0; k < line.length; k++) {
    const value = pixels[above + k] as number;
    line[k] = value + ((pixels[below + k] as number) - value) * share;
  }
}

/** @returns where the next line begins */
function blendColumns(result: Float32Array, start: number, line: Float32Array, columns: CropSamples, channels: number) {
  let at = start;
  for (let column = 0; column < columns.share.length; column++) {
    const left = columns.before[column] as number;
    const right = columns.after[column] as number;
    const share = columns.share[column] as number;
    for (let c = 0; c < channels; c++) {
      const value = line[left + c] as number;
      result[at++] = value + ((line[right + c] as number) - value) * share;
    }
  }
  return at;
}
