import {
  backend_util,
  type KernelConfig,
  type MaxPool3DAttrs,
  type MaxPoolAttrs,
  type MaxPoolWithArgmaxAttrs,
} from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

type Four = [number, number, number, number];
type Five = [number, number, number, number, number];
type Attributes2D = Pick<MaxPoolAttrs, "filterSize" | "strides" | "pad" | "dimRoundingMode">;
type Attributes3D = Pick<MaxPool3DAttrs, "filterSize" | "strides" | "pad" | "dimRoundingMode">;

/** What the native kernels take: window, strides, padding before, padding after; rounding up may need more after. */
function window2D(images: readonly number[], { filterSize, strides, pad, dimRoundingMode }: Attributes2D): number[] {
  const info = backend_util.computePool2DInfo(images as Four, filterSize, strides, 1, pad, dimRoundingMode);
  const { top, left, bottom, right } = info.padInfo;
  const rows = (info.outHeight - 1) * info.strideHeight + info.filterHeight - info.inHeight - top;
  const columns = (info.outWidth - 1) * info.strideWidth + info.filterWidth - info.inWidth - left;
  return [
    ...[info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth],
    ...[top, left, Math.max(bottom, rows), Math.max(right, columns)],
  ];
}

function window3D(images: readonly number[], { filterSize, strides, pad, dimRoundingMode }: Attributes3D): number[] {
  const info = backend_util.computePool3DInfo(images as Five, filterSize, strides, 1, pad, dimRoundingMode);
  const { front, top, left, back, bottom, right } = info.padInfo;
  const depth = (info.outDepth - 1) * info.strideDepth + info.filterDepth - info.inDepth - front;
  const rows = (info.outHeight - 1) * info.strideHeight + info.filterHeight - info.inHeight - top;
  const columns = (info.outWidth - 1) * info.strideWidth + info.filterWidth - info.inWidth - left;
  return [
    ...[info.filterDepth, info.filterHeight, info.filterWidth, info.strideDepth, info.strideHeight, info.strideWidth],
    ...[front, top, left, Math.max(back, depth), Math.max(bottom, rows), Math.max(right, columns)],
  ];
}

/** A pooling kernel and its gradient, by the native names, for one number of dimensions. */
function pair<A>(
  name: string,
  native: string,
  suffix: string,
  window: (images: readonly number[], attrs: A) => number[],
): KernelConfig[] {
  return [
    kernel<Inputs<"x">, A>(`${name}${suffix}`, ({ torch, inputs: { x }, attrs }) =>
      torch.call(native, x, window(x.shape, attrs)),
    ),
    kernel<Inputs<"dy" | "input">, A>(`${name}${suffix}Grad`, ({ torch, inputs: { dy, input }, attrs }) =>
      torch.call(`${native}_gradient`, dy, input, window(input.shape, attrs)),
    ),
  ];
}

/** Max and average pooling and their gradients. */
export const pooling: KernelConfig[] = [
  ...pair("MaxPool", "max_pool", "", window2D),
  ...pair("MaxPool", "max_pool", "3D", window3D),
  ...pair("AvgPool", "average_pool", "", window2D),
  ...pair("AvgPool", "average_pool", "3D", window3D),
  kernel<Inputs<"x">, MaxPoolWithArgmaxAttrs>("MaxPoolWithArgmax", ({ torch, inputs: { x }, attrs }) =>
    torch.callMany("max_pool_with_argmax", x, window2D(x.shape, attrs), attrs.includeBatchInIndex),
  ),
];
