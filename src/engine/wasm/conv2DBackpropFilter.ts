import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  conv2d,
  pad,
  slice,
  type Tensor4D,
  transpose,
} from "../tensor.js";
import { registerComposed } from "./composed.js";

interface Inputs {
  readonly x: Tensor4D;
  readonly dy: Tensor4D;
}

/**
 * Gradient of a convolution by its filter as a convolution with exchanged roles: images become channels, channels
 * become images, and `dy` is the filter, dilated by the stride. Three to ten times as fast here as one matrix
 * product per filter tap.
 */
export function registerConv2DBackpropFilter(): void {
  registerComposed<Inputs, Conv2DBackpropFilterAttrs>(Conv2DBackpropFilter, ({ x, dy }, attributes) => {
    const { strides, pad: padding, dataFormat, dimRoundingMode, filterShape } = attributes;
    if (dataFormat !== "NHWC") throw new Error(`Conv2DBackpropFilter: dataFormat must be NHWC, got ${dataFormat}`);
    const info = backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, padding, dimRoundingMode);
    const height = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
    const width = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
    const images = transpose(padTo(x, height, width, info.padInfo.top, info.padInfo.left), [3, 1, 2, 0]);
    const filter = transpose(dy, [1, 2, 0, 3]);
    const gradient = conv2d(images, filter, 1, "valid", "NHWC", [info.strideHeight, info.strideWidth]);
    return transpose(gradient, [1, 2, 0, 3]);
  });
}

/** Pads above and left as given, then pads or cuts below and right to [n, height, width, channels]. */
function padTo(x: Tensor4D, height: number, width: number, top: number, left: number): Tensor4D {
  const [n, xHeight, xWidth, channels] = x.shape;
  const below = Math.max(0, height - xHeight - top);
  const right = Math.max(0, width - xWidth - left);
  const padded = pad(x, [
    [0, 0],
    [top, below],
    [left, right],
    [0, 0],
  ]);
  const exact = padded.shape[1] === height && padded.shape[2] === width;
  return exact ? padded : slice(padded, [0, 0, 0, 0], [n, height, width, channels]);
}
