import {
  backend_util,
  type KernelConfig,
  type MaxPool3DAttrs,
  type MaxPoolAttrs,
  type MaxPoolWithArgmaxAttrs,
  util,
} from "../../tensor.js";
import { codeOf } from "../backend.js";
import { type Inputs, kernel } from "../kernel.js";

type Four = [number, number, number, number];
type Five = [number, number, number, number, number];
type Attributes2D = Pick<MaxPoolAttrs, "filterSize" | "strides" | "pad" | "dimRoundingMode">;
type Attributes3D = Pick<MaxPool3DAttrs, "filterSize" | "strides" | "pad" | "dimRoundingMode">;

/** The shape of the result, and what the native kernels take: window, strides, padding before, padding after. */
interface Window {
  readonly shape: number[];
  readonly numbers: number[];
}

/** Rounding up may need more padding after than tfjs says. */
function window2D(images: readonly number[], { filterSize, strides, pad, dimRoundingMode }: Attributes2D): Window {
  const info = backend_util.computePool2DInfo(images as Four, filterSize, strides, 1, pad, dimRoundingMode);
  const { top, left, bottom, right } = info.padInfo;
  const rows = (info.outHeight - 1) * info.strideHeight + info.filterHeight - info.inHeight - top;
  const columns = (info.outWidth - 1) * info.strideWidth + info.filterWidth - info.inWidth - left;
  const numbers = [
    ...[info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth],
    ...[top, left, Math.max(bottom, rows), Math.max(right, columns)],
  ];
  return { shape: info.outShape, numbers };
}

function window3D(images: readonly number[], { filterSize, strides, pad, dimRoundingMode }: Attributes3D): Window {
  const info = backend_util.computePool3DInfo(images as Five, filterSize, strides, 1, pad, dimRoundingMode);
  const { front, top, left, back, bottom, right } = info.padInfo;
  const depth = (info.outDepth - 1) * info.strideDepth + info.filterDepth - info.inDepth - front;
  const rows = (info.outHeight - 1) * info.strideHeight + info.filterHeight - info.inHeight - top;
  const columns = (info.outWidth - 1) * info.strideWidth + info.filterWidth - info.inWidth - left;
  const numbers = [
    ...[info.filterDepth, info.filterHeight, info.filterWidth, info.strideDepth, info.strideHeight, info.strideWidth],
    ...[front, top, left, Math.max(back, depth), Math.max(bottom, rows), Math.max(right, columns)],
  ];
  return { shape: info.outShape, numbers };
}

/** A pooling kernel and its gradient, by the native names, for one number of dimensions. */
function pair<A>(
  name: string,
  native: string,
  suffix: string,
  windowOf: (images: readonly number[], attrs: A) => Window,
): KernelConfig[] {
  return [
    kernel<Inputs<"x">, A>(`${name}${suffix}`, ({ torch, inputs: { x }, attrs }) => {
      const { shape, numbers } = windowOf(x.shape, attrs);
      const space = shape.length - 2;
      // As in tfjs: a window of one pixel over an image that keeps its size gives the image, whatever the stride.
      const single = numbers.slice(0, space).every((extent) => extent === 1);
      if (single && util.arraysEqual(x.shape, shape)) return torch.share(x, x.shape);
      if (util.sizeFromShape(shape) === 0) return torch.call("fill", shape, 0, codeOf("float32"));
      return torch.call(native, x, numbers);
    }),
    kernel<Inputs<"dy" | "input">, A>(`${name}${suffix}Grad`, ({ torch, inputs: { dy, input }, attrs }) => {
      const { shape, numbers } = windowOf(input.shape, attrs);
      util.assertShapesMatch(dy.shape, shape, `Error in ${name}${suffix}Grad, dy must have the shape of the output. `);
      if (util.sizeFromShape(shape) === 0) return torch.call("ZerosLike", input);
      return torch.call(`${native}_gradient`, dy, input, numbers);
    }),
  ];
}

/** Max and average pooling and their gradients. */
export const pooling: KernelConfig[] = [
  ...pair("MaxPool", "max_pool", "", window2D),
  ...pair("MaxPool", "max_pool", "3D", window3D),
  ...pair("AvgPool", "average_pool", "", window2D),
  ...pair("AvgPool", "average_pool", "3D", window3D),
  kernel<Inputs<"x">, MaxPoolWithArgmaxAttrs>("MaxPoolWithArgmax", ({ torch, inputs: { x }, attrs }) =>
    torch.callMany("max_pool_with_argmax", x, window2D(x.shape, attrs).numbers, attrs.includeBatchInIndex),
  ),
];
