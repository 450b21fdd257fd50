import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type CropSamples, cropSamples, placeSamples, tapCount } from "../fused/cropSamples.js";
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
      const { boxes, size, antialias } = attrs as unknown as ResizedCropAttrs;
      const [n = 0, height = 0, width = 0, channels = 0] = images.shape;
      const shape = [n, ...size, channels];
      return fillOnHeap(backend as BackendWasm, [images], { shape, dtype: "float32" }, (result, pixels) => {
        const line = new Float32Array(width * channels);
        for (let image = 0, at = 0; image < n; image++) {
          const [top, left, tall, wide] = boxes.subarray(4 * image, 4 * image + 4) as unknown as Box;
          const rows = cropSamples(size[0], tapCount(tall, size[0], antialias));
          const columns = cropSamples(size[1], tapCount(wide, size[1], antialias));
          placeSamples(rows, 0, size[0], {
            start: top,
            extent: tall,
            antialias,
            offset: image * height,
            stride: line.length,
          });
          placeSamples(columns, 0, size[1], { start: left, extent: wide, antialias, offset: 0, stride: channels });
          for (let row = 0; row < size[0]; row++) {
            weighRows(line, pixels as Float32Array, rows, row);
            at = weighColumns(result as Float32Array, at, line, columns, channels);
          }
        }
      });
    },
  });
}

type Box = readonly [top: number, left: number, height: number, width: number];

function weighRows(line: Float32Array, pixels: Float32Array, rows: CropSamples, row: number): void {
  line.fill(0);
  for (let tap = 0; tap < rows.taps; tap++) {
    const place = rows.places[tap * rows.size + row] as number;
    const weight = rows.weights[tap * rows.size + row] as number;
    if (weight === 0) continue;
    for (let k = 0; k < line.length; k++) line[k] = (line[k] as number) + (pixels[place + k] as number) * weight;
  }
}

/** @returns where the next line begins */
function weighColumns(result: Float32Array, start: number, line: Float32Array, columns: CropSamples, channels: number) {
  const { size, taps, places, weights } = columns;
  let at = start;
  for (let column = 0; column < size; column++) {
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) {
        const place = places[tap * size + column] as number;
        sum += (line[place + c] as number) * (weights[tap * size + column] as number);
      }
      result[at++] = sum;
    }
  }
  return at;
}
