import {
  backend_util,
  type Conv3DAttrs,
  type Conv3DBackpropFilterV2Attrs,
  type Conv3DBackpropInputV2Attrs,
  type KernelConfig,
  type TensorInfo,
  util,
} from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

type Five = [number, number, number, number, number];
type Attributes = Pick<Conv3DAttrs, "strides" | "pad"> & Partial<Pick<Conv3DAttrs, "dilations">>;

/** What the native convolutions take: strides, dilations, padding before, padding after. */
function geometry(images: readonly number[], filter: readonly number[], attrs: Attributes, dy?: TensorInfo): number[] {
  const { strides, dilations = 1, pad } = attrs;
  const info = backend_util.computeConv3DInfo(images as Five, filter as Five, strides, dilations, pad);
  const [, , , filterDepth = 0] = filter;
  const wrong = `Error in conv3d: depth of input (${info.inChannels}) must match input depth for filter ${filterDepth}.`;
  util.assert(images.length === 5 && filter.length === 5, () => `Error in conv3d: ranks must be 5, got [${images}]`);
  util.assert(info.inChannels === filterDepth && info.inChannels > 0, () => wrong);
  // libtorch's own gradients read whatever lies where dy should be.
  if (dy) util.assertShapesMatch(dy.shape, info.outShape, "Error in conv3d: dy must have the shape of the output. ");
  const { front, top, left, back, bottom, right } = info.padInfo;
  return [
    ...[info.strideDepth, info.strideHeight, info.strideWidth],
    ...[info.dilationDepth, info.dilationHeight, info.dilationWidth],
    ...[front, top, left, back, bottom, right],
  ];
}

/** Convolutions of volumes [batch, depth, height, width, channels] and their gradients. */
export const convolution3d: KernelConfig[] = [
  kernel<Inputs<"x" | "filter">, Conv3DAttrs>("Conv3D", ({ torch, inputs: { x, filter }, attrs }) =>
    torch.call("convolution", x, filter, geometry(x.shape, filter.shape, attrs), false, false),
  ),
  kernel<Inputs<"x" | "dy">, Conv3DBackpropFilterV2Attrs>(
    "Conv3DBackpropFilterV2",
    ({ torch, inputs: { x, dy }, attrs }) => {
      const numbers = geometry(x.shape, attrs.filterShape, attrs, dy);
      return torch.call("convolution_filter_gradient", x, dy, attrs.filterShape, numbers, false, false);
    },
  ),
  kernel<Inputs<"dy" | "filter">, Conv3DBackpropInputV2Attrs>(
    "Conv3DBackpropInputV2",
    ({ torch, inputs: { dy, filter }, attrs }) => {
      const numbers = geometry(attrs.inputShape, filter.shape, attrs, dy);
      return torch.call("convolution_input_gradient", dy, filter, attrs.inputShape, numbers, false, false);
    },
  ),
];
