import {
  backend_util,
  type GatherV2Attrs,
  type KernelConfig,
  type OneHotAttrs,
  type ScatterNdAttrs,
  type SparseToDenseAttrs,
  type TopKAttrs,
  type UnsortedSegmentSumAttrs,
  util,
} from "../../tensor.js";
import { codeOf } from "../backend.js";
import { type Inputs, kernel } from "../kernel.js";

/** Kernels that pick or place values by index. */
export const indexing: KernelConfig[] = [
  kernel<Inputs<"x" | "indices">, GatherV2Attrs>("GatherV2", ({ torch, inputs: { x, indices }, attrs }) => {
    const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape);
    const { batchSize } = backend_util.segment_util.collectGatherOpShapeInfo(
      x as never,
      indices as never,
      axis,
      attrs.batchDims ?? 0,
    );
    util.assert(batchSize >= 0, () => "GatherV2: the batch must not be negative");
    const batch = attrs.batchDims < 0 ? attrs.batchDims + indices.shape.length : (attrs.batchDims ?? 0);
    return torch.call("GatherV2", x, indices, axis, batch);
  }),
  kernel<Inputs<"params" | "indices">>("GatherNd", ({ torch, inputs }) =>
    torch.call("GatherNd", inputs.params, inputs.indices),
  ),
  kernel<Inputs<"indices" | "updates">, ScatterNdAttrs>("ScatterNd", ({ torch, inputs, attrs }) =>
    torch.call("ScatterNd", inputs.indices, inputs.updates, attrs.shape),
  ),
  kernel<Inputs<"tensor" | "indices" | "updates">>("TensorScatterUpdate", ({ torch, inputs }) =>
    torch.call("TensorScatterUpdate", inputs.tensor, inputs.indices, inputs.updates),
  ),
  kernel<Inputs<"sparseIndices" | "sparseValues" | "defaultValue">, SparseToDenseAttrs>(
    "SparseToDense",
    ({ torch, inputs: { sparseIndices, sparseValues, defaultValue }, attrs }) =>
      torch.call("SparseToDense", sparseIndices, sparseValues, defaultValue, attrs.outputShape),
  ),
  kernel<Inputs<"indices">, OneHotAttrs>("OneHot", ({ torch, inputs, attrs }) =>
    torch.call("OneHot", inputs.indices, attrs.depth, attrs.onValue, attrs.offValue, codeOf(attrs.dtype)),
  ),
  kernel<Inputs<"x" | "segmentIds">, UnsortedSegmentSumAttrs>("UnsortedSegmentSum", ({ torch, inputs, attrs }) =>
    torch.call("UnsortedSegmentSum", inputs.x, inputs.segmentIds, attrs.numSegments),
  ),
  kernel<Inputs<"x">, TopKAttrs>("TopK", ({ torch, inputs, attrs }) => torch.callMany("TopK", inputs.x, attrs.k)),
];
