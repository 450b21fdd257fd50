import { backend_util, type Dilation2DAttrs, type KernelConfig, type TensorInfo, util } from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

/** What the native kernels take: strides, dilations, padding before, padding after; and the shape of the result. */
function geometry(x: TensorInfo, filter: TensorInfo, { strides, pad, dilations }: Dilation2DAttrs) {
  const images = x.shape as [number, number, number, number];
  const window = filter.shape as [number, number, number];
  const info = backend_util.computeDilation2DInfo(images, window, strides, pad, "NHWC", dilations);
  const { top, left } = info.padInfo;
  const rows = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight - info.inHeight - top;
  const columns = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth - info.inWidth - left;
  const numbers = [
    ...[info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth],
    ...[top, left, Math.max(0, rows), Math.max(0, columns)],
  ];
  return { numbers, shape: info.outShape };
}

function gradient(name: string, native: string): KernelConfig {
  return kernel<Inputs<"x" | "filter" | "dy">, Dilation2DAttrs>(name, ({ torch, inputs: { x, filter, dy }, attrs }) => {
    const { numbers, shape } = geometry(x, filter, attrs);
    util.assertShapesMatch(dy.shape, shape, `Error in ${name}, dy must have the shape of the output. `);
    return torch.call(native, x, filter, dy, numbers);
  });
}

/** Grayscale dilation and its gradients. */
export const dilation: KernelConfig[] = [
  kernel<Inputs<"x" | "filter">, Dilation2DAttrs>("Dilation2D", ({ torch, inputs: { x, filter }, attrs }) => {
    const { numbers, shape } = geometry(x, filter, attrs);
    return torch.call("dilation", x, filter, numbers, shape.slice(1, 3));
  }),
  gradient("Dilation2DBackpropInput", "dilation_input_gradient"),
  gradient("Dilation2DBackpropFilter", "dilation_filter_gradient"),
];
