import { registerComposed } from "../registerComposed.js";
import {
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNativeBackpropFilter,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInput,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  engine,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  type Tensor4D,
  tensor2d,
} from "../tensor.js";

/**
 * Gradients of a depthwise convolution as those of a convolution whose filter is zero between different channels. That
 * takes as many times the work as there are channels; the methods' own encoders have no such layer.
 */
export function registerDepthwiseGradients(): void {
  registerComposed<{ x: Tensor4D; dy: Tensor4D }, DepthwiseConv2dNativeBackpropFilterAttrs>(
    "wasm",
    DepthwiseConv2dNativeBackpropFilter,
    ({ x, dy }, { filterShape, ...geometry }) => {
      const [height, width, channels, multiplier] = filterShape;
      const outputs = channels * multiplier;
      const full = run(
        Conv2DBackpropFilter,
        { x, dy },
        { ...geometry, filterShape: [height, width, channels, outputs] },
      );
      return full.mul(ownChannel(channels, multiplier)).sum(2).reshape(filterShape);
    },
  );
  registerComposed<{ dy: Tensor4D; filter: Tensor4D }, DepthwiseConv2dNativeBackpropInputAttrs>(
    "wasm",
    DepthwiseConv2dNativeBackpropInput,
    ({ dy, filter }, geometry) => {
      const [height, width, channels, multiplier] = filter.shape;
      const full = filter.reshape([height, width, 1, channels * multiplier]).mul(ownChannel(channels, multiplier));
      return run(Conv2DBackpropInput, { dy, filter: full }, geometry);
    },
  );
}

function run(kernel: string, inputs: Record<string, Tensor>, geometry: object): Tensor {
  const attributes = { ...geometry, dataFormat: "NHWC" } as unknown as NamedAttrMap;
  return engine().runKernel<Tensor>(kernel, inputs as NamedTensorMap, attributes) as Tensor;
}

/** [channels, channels · multiplier]: 1 where an output belongs to a channel, else 0. */
function ownChannel(channels: number, multiplier: number): Tensor {
  const rows = Array.from({ length: channels }, (_, channel) =>
    Array.from({ length: channels * multiplier }, (_, output) => Number(Math.floor(output / multiplier) === channel)),
  );
  return tensor2d(rows, [channels, channels * multiplier]);
}
