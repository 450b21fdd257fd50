import { ColorJitter, type ColorJitterAttrs, ResizedCrop, type ResizedCropAttrs } from "../../fused/index.js";
import { FlipImages, GaussianBlur } from "../../fused/kernelNames.js";
import {
  backend_util,
  type CropAndResizeAttrs,
  type KernelConfig,
  kernel_impls,
  type NonMaxSuppressionV5Attrs,
  type ResizeBilinearAttrs,
  type RotateWithOffsetAttrs,
  type TensorInfo,
  type TransformAttrs,
} from "../../tensor.js";
import type { TorchBackend } from "../backend.js";
import { type Inputs, kernel } from "../kernel.js";

function resize(name: string, bilinear: boolean): KernelConfig[] {
  return [
    kernel<Inputs<"images">, ResizeBilinearAttrs>(name, ({ torch, inputs: { images }, attrs }) =>
      torch.call("resize", images, attrs.size, attrs.alignCorners, attrs.halfPixelCenters ?? false, bilinear),
    ),
    kernel<Inputs<"images" | "dy">, ResizeBilinearAttrs>(`${name}Grad`, ({ torch, inputs: { images, dy }, attrs }) => {
      const size = images.shape.slice(1, 3);
      return torch.call("resize_gradient", dy, size, attrs.alignCorners, attrs.halfPixelCenters ?? false, bilinear);
    }),
  ];
}

type Suppressed = { selectedIndices: number[]; selectedScores?: number[]; validOutputs?: number };
type SuppressionAttrs = NonMaxSuppressionV5Attrs & { padToMaxOutputSize: boolean };

/** Non-maximum suppression is a loop over a few boxes: tfjs-core's own, on the host, as in all its backends. */
function suppression(
  version: "V3" | "V4" | "V5",
  run: (boxes: Float32Array, scores: Float32Array, attrs: SuppressionAttrs) => Suppressed,
): KernelConfig {
  return kernel<Inputs<"boxes" | "scores">, SuppressionAttrs>(
    `NonMaxSuppression${version}`,
    ({ torch, inputs: { boxes, scores }, attrs }) => {
      const host = (x: TensorInfo) => torch.readSync(x.dataId) as Float32Array;
      const { selectedIndices, selectedScores, validOutputs } = run(host(boxes), host(scores), attrs);
      const indices = upload(torch, Int32Array.from(selectedIndices), "int32");
      if (version === "V3") return indices;
      if (version === "V4") return [indices, upload(torch, Int32Array.of(validOutputs ?? 0), "int32", [])];
      return [indices, upload(torch, Float32Array.from(selectedScores ?? []), "float32")];
    },
  );
}

function upload(
  torch: TorchBackend,
  values: Int32Array | Float32Array,
  dtype: "int32" | "float32",
  shape: number[] = [values.length],
): TensorInfo {
  return { dataId: torch.write(values, shape, dtype), shape, dtype };
}

/** Kernels that resample images; the first four are Kontrast's own, see engine/fused. */
export const image: KernelConfig[] = [
  kernel<Inputs<"images">, ResizedCropAttrs>(ResizedCrop, ({ torch, inputs: { images }, attrs }) =>
    torch.call("ResizedCrop", images, attrs.boxes, attrs.size, attrs.antialias),
  ),
  kernel<Inputs<"images">, ColorJitterAttrs>(ColorJitter, ({ torch, inputs: { images }, attrs }) =>
    torch.call("ColorJitter", images, attrs.factors, attrs.orders),
  ),
  kernel<Inputs<"images">, { flipped: Uint8Array; axis: 1 | 2 }>(FlipImages, ({ torch, inputs: { images }, attrs }) =>
    torch.call("FlipImages", images, attrs.flipped, attrs.axis),
  ),
  kernel<Inputs<"images">, { weights: Float32Array; taps: number }>(
    GaussianBlur,
    ({ torch, inputs: { images }, attrs }) => torch.call("GaussianBlur", images, attrs.weights, attrs.taps),
  ),
  ...resize("ResizeBilinear", true),
  ...resize("ResizeNearestNeighbor", false),
  kernel<Inputs<"image" | "boxes" | "boxInd">, CropAndResizeAttrs>("CropAndResize", ({ torch, inputs, attrs }) => {
    const { cropSize, method, extrapolationValue } = attrs;
    const bilinear = method === "bilinear";
    return torch.call(
      "CropAndResize",
      inputs.image,
      inputs.boxes,
      inputs.boxInd,
      cropSize,
      bilinear,
      extrapolationValue,
    );
  }),
  kernel<Inputs<"image" | "transforms">, TransformAttrs>("Transform", ({ torch, inputs, attrs }) => {
    const { interpolation, fillMode, fillValue, outputShape } = attrs;
    const size = outputShape ?? inputs.image.shape.slice(1, 3);
    return torch.call("Transform", inputs.image, inputs.transforms, interpolation, fillMode, fillValue, size);
  }),
  kernel<Inputs<"image">, RotateWithOffsetAttrs>("RotateWithOffset", ({ torch, inputs: { image }, attrs }) => {
    const [, height = 0, width = 0, channels = 0] = image.shape;
    const { radians, fillValue, center } = attrs;
    const opaque = 255; // tfjs: a list of fill values names the colors, the fourth channel is opacity
    const fill = Array.from({ length: channels }, (_, channel) =>
      typeof fillValue === "number" ? fillValue : (fillValue[channel] ?? opaque),
    );
    return torch.call("RotateWithOffset", image, radians, backend_util.getImageCenter(center, height, width), fill);
  }),
  suppression("V3", (boxes, scores, { maxOutputSize, iouThreshold, scoreThreshold }) =>
    kernel_impls.nonMaxSuppressionV3Impl(boxes, scores, maxOutputSize, iouThreshold, scoreThreshold),
  ),
  suppression("V4", (boxes, scores, { maxOutputSize, iouThreshold, scoreThreshold, padToMaxOutputSize }) =>
    kernel_impls.nonMaxSuppressionV4Impl(
      boxes,
      scores,
      maxOutputSize,
      iouThreshold,
      scoreThreshold,
      padToMaxOutputSize,
    ),
  ),
  suppression("V5", (boxes, scores, { maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma }) =>
    kernel_impls.nonMaxSuppressionV5Impl(boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma),
  ),
];
