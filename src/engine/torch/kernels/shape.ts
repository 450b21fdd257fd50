import {
  backend_util,
  type ConcatAttrs,
  type ExpandDimsAttrs,
  type KernelConfig,
  type MirrorPadAttrs,
  type PackAttrs,
  type PadV2Attrs,
  type ReshapeAttrs,
  type ReverseAttrs,
  type SliceAttrs,
  type SplitVAttrs,
  type StridedSliceAttrs,
  slice_util,
  type TensorInfo,
  type TileAttrs,
  type TransposeAttrs,
  type UnpackAttrs,
  util,
} from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

/** Kernels that move values without computing. */
export const shape: KernelConfig[] = [
  kernel<Inputs<"x">>("Identity", ({ torch, inputs: { x } }) => torch.share(x, x.shape)),
  kernel<Inputs<"x">, ReshapeAttrs>("Reshape", ({ torch, inputs: { x }, attrs }) => {
    const size = util.sizeFromShape(x.shape);
    const to = util.inferFromImplicitShape(attrs.shape, size);
    util.assert(
      size === util.sizeFromShape(to),
      () => `Reshape: the new shape [${to}] and the old shape [${x.shape}] must have the same number of elements`,
    );
    return torch.share(x, to);
  }),
  kernel<Inputs<"input">, ExpandDimsAttrs>("ExpandDims", ({ torch, inputs: { input }, attrs: { dim } }) => {
    const rank = input.shape.length;
    util.assert(-(rank + 1) <= dim && dim <= rank, () => `ExpandDims: axis must be in [${-(rank + 1)}, ${rank}]`);
    const to = [...input.shape];
    to.splice(dim < 0 ? rank + dim + 1 : dim, 0, 1);
    return torch.share(input, to);
  }),
  kernel<Inputs<"x">, TransposeAttrs>("Transpose", ({ torch, inputs, attrs }) =>
    torch.call("Transpose", inputs.x, attrs.perm),
  ),
  kernel<Inputs<"x">, SliceAttrs>("Slice", ({ torch, inputs: { x }, attrs }) => {
    const [begin = [], size = []] = slice_util.parseSliceParams(x, attrs.begin, attrs.size);
    slice_util.assertParamsValid(x, begin, size);
    return torch.call("Slice", x, begin, size);
  }),
  kernel<Inputs<"x">, StridedSliceAttrs>("StridedSlice", ({ torch, inputs: { x }, attrs }) => {
    const info = slice_util.sliceInfo(
      x.shape,
      attrs.begin,
      attrs.end,
      attrs.strides,
      attrs.beginMask,
      attrs.endMask,
      attrs.ellipsisMask,
      attrs.newAxisMask,
      attrs.shrinkAxisMask,
    );
    if (info.isIdentity) return torch.share(x, info.finalShape);
    const size = slice_util.computeOutShape(info.begin, info.end, info.strides).map((extent) => Math.max(0, extent));
    const sliced = torch.call("StridedSlice", x, info.begin, size, info.strides);
    return { ...sliced, shape: info.finalShape };
  }),
  kernel<TensorInfo[], ConcatAttrs>("Concat", ({ torch, inputs, attrs }) => {
    const tensors = Object.values(inputs);
    const shapes = tensors.map((tensor) => tensor.shape);
    const [axis = 0] = util.parseAxisParam(attrs.axis, shapes[0] ?? []);
    backend_util.assertParamsConsistent(shapes, axis);
    return torch.call("Concat", tensors, axis);
  }),
  kernel<TensorInfo[], PackAttrs>("Pack", ({ torch, inputs, attrs }) => {
    const tensors = Object.values(inputs);
    util.assert(
      tensors.every(({ dtype }) => dtype === tensors[0]?.dtype),
      () => `Pack: all tensors must have one dtype, got ${tensors.map(({ dtype }) => dtype)}`,
    );
    return torch.call("Pack", tensors, attrs.axis);
  }),
  kernel<Inputs<"value">, UnpackAttrs>("Unpack", ({ torch, inputs, attrs }) =>
    torch.callMany("Unpack", inputs.value, attrs.axis),
  ),
  kernel<Inputs<"x">, SplitVAttrs>("SplitV", ({ torch, inputs: { x }, attrs }) => {
    const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape);
    const sizes = backend_util.prepareSplitSize(x as never, attrs.numOrSizeSplits, axis);
    return torch.callMany("SplitV", x, sizes, axis);
  }),
  kernel<Inputs<"x">, TileAttrs>("Tile", ({ torch, inputs, attrs }) => torch.call("Tile", inputs.x, attrs.reps)),
  kernel<Inputs<"x">, ReverseAttrs>("Reverse", ({ torch, inputs: { x }, attrs }) =>
    torch.call("Reverse", x, util.parseAxisParam(attrs.dims, x.shape)),
  ),
  kernel<Inputs<"image">>("FlipLeftRight", ({ torch, inputs }) => torch.call("FlipLeftRight", inputs.image)),
  kernel<Inputs<"x">, PadV2Attrs>("PadV2", ({ torch, inputs, attrs }) =>
    torch.call("PadV2", inputs.x, attrs.paddings.flat(), attrs.constantValue),
  ),
  kernel<Inputs<"x">, MirrorPadAttrs>("MirrorPad", ({ torch, inputs, attrs }) =>
    torch.call("MirrorPad", inputs.x, attrs.paddings.flat(), attrs.mode === "symmetric"),
  ),
  kernel<Inputs<"x">>("Diag", ({ torch, inputs }) => torch.call("Diag", inputs.x)),
];
