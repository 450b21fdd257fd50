import {
  backend_util,
  type Conv2DAttrs,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropInputAttrs,
  type DepthwiseConv2dNativeAttrs,
  type FusedConv2DAttrs,
  type KernelConfig,
  type TensorInfo,
  util,
} from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

type Four = [number, number, number, number];
type Attributes = Pick<Conv2DAttrs, "strides" | "pad" | "dimRoundingMode"> &
  Partial<Pick<Conv2DAttrs, "dataFormat" | "dilations">>;
type FusedInputs = Inputs<"x" | "filter"> & Partial<Inputs<"bias" | "preluActivationWeights">>;

/** What the native convolutions take: strides, dilations, padding before, padding after; and the layout. */
function geometry(images: readonly number[], filter: readonly number[], attrs: Attributes, depthwise: boolean) {
  const format = backend_util.convertConv2DDataFormat(attrs.dataFormat ?? "NHWC");
  const info = backend_util.computeConv2DInfo(
    images as Four,
    filter as Four,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
    format,
  );
  const [, , filterDepth] = filter;
  const wrong = `Error in convolution: depth of input (${info.inChannels}) must match input depth for filter ${filterDepth}.`;
  util.assert(
    images.length === 4 && filter.length === 4,
    () => `Error in convolution: ranks must be 4, got [${images}]`,
  );
  util.assert(info.inChannels === filterDepth && info.inChannels > 0, () => wrong);
  const { padInfo } = info;
  // Rounding up may ask for more rows than the padding gives.
  const rows = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight - info.inHeight - padInfo.top;
  const columns = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth - info.inWidth - padInfo.left;
  const numbers = [
    ...[info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth],
    ...[padInfo.top, padInfo.left, Math.max(padInfo.bottom, rows), Math.max(padInfo.right, columns)],
  ];
  return { numbers, channelsFirst: format === "channelsFirst", outShape: info.outShape };
}

/** libtorch's own gradients read whatever lies where dy should be. */
function checkGradient(name: string, dy: TensorInfo, outShape: number[]): void {
  util.assertShapesMatch(dy.shape, outShape, `Error in ${name}: dy must have the shape of the output. `);
}

function forward(name: string, depthwise: boolean): KernelConfig {
  return kernel<Inputs<"x" | "filter">, Conv2DAttrs | DepthwiseConv2dNativeAttrs>(
    name,
    ({ torch, inputs: { x, filter }, attrs }) => {
      const { numbers, channelsFirst } = geometry(x.shape, filter.shape, attrs, depthwise);
      return torch.call("convolution", x, filter, numbers, channelsFirst, depthwise);
    },
  );
}

function fused(name: string, depthwise: boolean): KernelConfig {
  return kernel<FusedInputs, FusedConv2DAttrs>(name, ({ torch, inputs, attrs }) => {
    const { x, filter, bias, preluActivationWeights: prelu } = inputs;
    const { activation, leakyreluAlpha = 0.2 } = attrs;
    const { numbers, channelsFirst } = geometry(x.shape, filter.shape, attrs, depthwise);
    const name = activation ?? "linear";
    const tensors = [x, filter, bias, prelu] as const;
    return torch.call("fused_convolution", ...tensors, numbers, channelsFirst, depthwise, name, leakyreluAlpha);
  });
}

function filterGradient(name: string, depthwise: boolean): KernelConfig {
  return kernel<Inputs<"x" | "dy">, Conv2DBackpropFilterAttrs>(name, ({ torch, inputs: { x, dy }, attrs }) => {
    const { filterShape } = attrs;
    const { numbers, channelsFirst, outShape } = geometry(x.shape, filterShape, attrs, depthwise);
    checkGradient(name, dy, outShape);
    return torch.call("convolution_filter_gradient", x, dy, filterShape, numbers, channelsFirst, depthwise);
  });
}

function inputGradient(name: string, depthwise: boolean): KernelConfig {
  return kernel<Inputs<"dy" | "filter">, Conv2DBackpropInputAttrs>(name, ({ torch, inputs: { dy, filter }, attrs }) => {
    const { inputShape } = attrs;
    const { numbers, channelsFirst, outShape } = geometry(inputShape, filter.shape, attrs, depthwise);
    checkGradient(name, dy, outShape);
    return torch.call("convolution_input_gradient", dy, filter, inputShape, numbers, channelsFirst, depthwise);
  });
}

/** Convolutions and their gradients. */
export const convolution: KernelConfig[] = [
  forward("Conv2D", false),
  forward("DepthwiseConv2dNative", true),
  fused("FusedConv2D", false),
  fused("FusedDepthwiseConv2D", true),
  filterGradient("Conv2DBackpropFilter", false),
  filterGradient("DepthwiseConv2dNativeBackpropFilter", true),
  inputGradient("Conv2DBackpropInput", false),
  inputGradient("DepthwiseConv2dNativeBackpropInput", true),
];
