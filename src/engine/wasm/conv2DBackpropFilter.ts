import { registerComposed } from "../registerComposed.js";
import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  conv2d,
  type Tensor4D,
  transpose,
} from "../tensor.js";
import { surround } from "./surround.js";

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
  registerComposed<Inputs, Conv2DBackpropFilterAttrs>("wasm", Conv2DBackpropFilter, ({ x, dy }, attributes) => {
    const { strides, pad: padding, dataFormat, dimRoundingMode, filterShape } = attributes;
    if (dataFormat !== "NHWC") throw new Error(`Conv2DBackpropFilter: dataFormat must be NHWC, got ${dataFormat}`);
    const info = backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, padding, dimRoundingMode);
    const { strideHeight, strideWidth, padInfo } = info;
    const below = (info.outHeight - 1) * strideHeight + info.filterHeight - info.inHeight - padInfo.top;
    const right = (info.outWidth - 1) * strideWidth + info.filterWidth - info.inWidth - padInfo.left;
    const [images, zeros] = surround(transpose(x, [3, 1, 2, 0]), [padInfo.top, below], [padInfo.left, right]);
    const gradient = conv2d(images, transpose(dy, [1, 2, 0, 3]), 1, zeros, "NHWC", [strideHeight, strideWidth]);
    return transpose(gradient, [1, 2, 0, 3]);
  });
}
