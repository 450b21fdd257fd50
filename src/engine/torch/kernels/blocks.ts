import {
  type BatchToSpaceNDAttrs,
  backend_util,
  type DepthToSpaceAttrs,
  type KernelConfig,
  type SpaceToBatchNDAttrs,
  slice_util,
  util,
} from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

/** Kernels that trade space against depth or batch: reshape, permute, reshape. */
export const blocks: KernelConfig[] = [
  kernel<Inputs<"x">, DepthToSpaceAttrs>(
    "DepthToSpace",
    ({ torch, inputs: { x }, attrs: { blockSize, dataFormat } }) => {
      util.assert(dataFormat === "NHWC", () => `DepthToSpace: the data format must be NHWC, got ${dataFormat}`);
      const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
      const depth = channels / (blockSize * blockSize);
      const split = [batch, height, width, blockSize, blockSize, depth];
      const joined = [batch, height * blockSize, width * blockSize, depth];
      return torch.call("rearrange", x, split, [0, 1, 3, 2, 4, 5], joined);
    },
  ),
  kernel<Inputs<"x">, BatchToSpaceNDAttrs>(
    "BatchToSpaceND",
    ({ torch, inputs: { x }, attrs: { blockShape, crops } }) => {
      const block = util.sizeFromShape(blockShape);
      const split = backend_util.getReshaped(x.shape, blockShape, block);
      const order = backend_util.getPermuted(split.length, blockShape.length);
      const joined = backend_util.getReshapedPermuted(x.shape, blockShape, block);
      const begin = backend_util.getSliceBeginCoords(crops, blockShape.length);
      const size = backend_util.getSliceSize(joined, crops, blockShape.length);
      const whole = torch.call("rearrange", x, split, order, joined);
      const [from = [], extent = []] = slice_util.parseSliceParams(whole, begin, size);
      const result = torch.call("Slice", whole, from, extent);
      torch.disposeData(whole.dataId);
      return result;
    },
  ),
  kernel<Inputs<"x">, SpaceToBatchNDAttrs>("SpaceToBatchND", ({ torch, inputs: { x }, attrs }) => {
    const { blockShape, paddings } = attrs;
    const block = util.sizeFromShape(blockShape);
    const rest = x.shape.slice(1 + blockShape.length).map(() => [0, 0]);
    const padded = torch.call("PadV2", x, [[0, 0], ...paddings, ...rest].flat(), 0);
    const split = backend_util.getReshaped(padded.shape, blockShape, block, false);
    const order = backend_util.getPermuted(split.length, blockShape.length, false);
    const joined = backend_util.getReshapedPermuted(padded.shape, blockShape, block, false);
    const result = torch.call("rearrange", padded, split, order, joined);
    torch.disposeData(padded.dataId);
    return result;
  }),
];
