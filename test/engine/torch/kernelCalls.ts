import type { DataType } from "../../../src/engine/tensor.js";
import { ownKernelCalls } from "./ownKernelCalls.js";

/** A tensor to be made: float32 values are drawn if not given. */
export interface Input {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly values?: readonly (number | string)[];
}
export type Inputs = Readonly<Record<string, Input | readonly Input[]>>;
export type Attributes = Readonly<Record<string, unknown>>;

/** A call that is right: inputs by name (or in a list, for kernels that take one) and attributes. */
export type Call = readonly [inputs: Inputs | readonly Input[], attributes?: Attributes];

const f = (...shape: number[]): Input => ({ shape, dtype: "float32" });
const bool = (...shape: number[]): Input => ({ shape, dtype: "bool" });
const int = (shape: number[], values: number[]): Input => ({ shape, dtype: "int32", values });
const list = (...values: number[]): Input => int([values.length], values);
const text = (...values: string[]): Input => ({ shape: [values.length], dtype: "string", values });
const z = (...shape: number[]): Input => ({ shape, dtype: "complex64" });

const images = { pad: "same", dimRoundingMode: undefined };
const flat = { ...images, strides: [2, 1], dataFormat: "NHWC", dilations: [1, 1] };
const deep = { ...images, strides: [1, 2, 1], dataFormat: "NDHWC", dilations: [1, 1, 1] };
const pool = { ...images, filterSize: [2, 3], strides: [2, 2] };
const pool3d = { ...images, filterSize: [2, 2, 1], strides: [1, 2, 2], dataFormat: "NDHWC" };
const fused = { activation: "prelu", leakyreluAlpha: 0.1 };
const cube = { ...pool3d, filterSize: [2, 2, 2] }; // tfjs mistakes rows for columns in gradients of other windows
const dilation = { strides: [1, 2], pad: "same", dilations: [2, 1] };
const resize = { alignCorners: true, halfPixelCenters: false, size: [3, 7] };
const boxes = { maxOutputSize: 2, iouThreshold: 0.5, scoreThreshold: -1, softNmsSigma: 0.5, padToMaxOutputSize: true };
const nearby = { depthRadius: 1, bias: 1, alpha: 0.5, beta: 0.5 };
const reduce = { axis: [1], keepDims: false };
const scan = { axis: 1, exclusive: true, reverse: true };

const groups: readonly (readonly [names: string, call: Call])[] = [
  ["Add Atan2 Maximum Minimum Mod Multiply Pow RealDiv SquaredDifference Sub", [{ a: f(2, 3), b: f(3) }]],
  ["Equal Greater GreaterEqual Less LessEqual NotEqual", [{ a: f(2, 3), b: f(2, 1) }]],
  ["BitwiseAnd FloorDiv", [{ a: list(6, -7), b: list(3, 2) }]],
  ["LogicalAnd LogicalOr LogicalXor", [{ a: bool(2, 3), b: bool(3) }]],
  ["All Any", [{ x: bool(2, 3) }, reduce]],
  ["Mean Min Prod Sum", [{ x: f(2, 3, 4) }, { axis: [0, 2], keepDims: true }]],
  ["ArgMax ArgMin", [{ x: f(2, 3) }, { axis: 1 }]],
  ["Cumsum Cumprod", [{ x: f(2, 3) }, scan]],
  ["MaxPoolGrad AvgPoolGrad", [{ dy: f(1, 2, 3, 2), input: f(1, 4, 5, 2), output: f(1, 2, 3, 2) }, pool]],
  ["MaxPool AvgPool", [{ x: f(1, 4, 5, 2) }, pool]],
  ["MaxPool3D", [{ x: f(1, 2, 3, 4, 2) }, cube]],
  ["AvgPool3D", [{ x: f(1, 2, 3, 4, 2) }, pool3d]],
  ["MaxPool3DGrad", [{ dy: f(1, 2, 2, 2, 2), input: f(1, 2, 3, 4, 2), output: f(1, 2, 2, 2, 2) }, cube]],
  ["AvgPool3DGrad", [{ dy: f(1, 2, 2, 2, 2), input: f(1, 2, 3, 4, 2), output: f(1, 2, 2, 2, 2) }, pool3d]],
  ["NonMaxSuppressionV3 NonMaxSuppressionV4 NonMaxSuppressionV5", [{ boxes: f(3, 4), scores: f(3) }, boxes]],
  ["ResizeBilinear ResizeNearestNeighbor", [{ images: f(2, 4, 5, 3) }, resize]],
  ["ResizeBilinearGrad ResizeNearestNeighborGrad", [{ images: f(2, 4, 5, 3), dy: f(2, 3, 7, 3) }, resize]],
  ["Real Imag ComplexAbs", [{ input: z(2, 3), x: z(2, 3) }]],
  ["FFT IFFT", [{ input: z(2, 4) }]],
  ["SparseSegmentMean SparseSegmentSum", [{ data: f(4, 2), indices: list(3, 0, 1), segmentIds: list(0, 0, 2) }]],
  [
    "Dilation2DBackpropInput Dilation2DBackpropFilter",
    [{ x: f(1, 4, 5, 2), filter: f(2, 3, 2), dy: f(1, 4, 3, 2) }, dilation],
  ],
];

const single: Readonly<Record<string, Call>> = {
  AddN: [[f(2, 3), f(2, 3), f(2, 3)]],
  BatchMatMul: [
    { a: f(2, 3, 4), b: f(1, 5, 4) },
    { transposeA: false, transposeB: true },
  ],
  BatchToSpaceND: [
    { x: f(4, 2, 2, 3) },
    {
      blockShape: [2, 2],
      crops: [
        [0, 1],
        [1, 0],
      ],
    },
  ],
  Bincount: [{ x: list(1, 2, 2, 7), weights: f(4) }, { size: 4 }],
  BroadcastArgs: [{ s0: list(2, 3), s1: list(3) }],
  Cast: [{ x: f(2, 3) }, { dtype: "int32" }],
  ClipByValue: [{ x: f(2, 3) }, { clipValueMin: -0.5, clipValueMax: 0.5 }],
  Complex: [{ real: f(2, 3), imag: f(2, 3) }],
  Concat: [[f(2, 3), f(2, 1)], { axis: 1 }],
  Conv2D: [{ x: f(1, 4, 5, 2), filter: f(3, 2, 2, 3) }, flat],
  Conv2DBackpropFilter: [
    { x: f(1, 4, 5, 2), dy: f(1, 2, 5, 3) },
    { ...flat, filterShape: [3, 2, 2, 3] },
  ],
  Conv2DBackpropInput: [
    { dy: f(1, 2, 5, 3), filter: f(3, 2, 2, 3) },
    { ...flat, inputShape: [1, 4, 5, 2] },
  ],
  Conv3D: [{ x: f(1, 2, 4, 3, 2), filter: f(2, 2, 1, 2, 3) }, deep],
  Conv3DBackpropFilterV2: [
    { x: f(1, 2, 4, 3, 2), dy: f(1, 2, 2, 3, 3) },
    { ...deep, filterShape: [2, 2, 1, 2, 3] },
  ],
  Conv3DBackpropInputV2: [
    { dy: f(1, 2, 2, 3, 3), filter: f(2, 2, 1, 2, 3) },
    { ...deep, inputShape: [1, 2, 4, 3, 2] },
  ],
  CropAndResize: [
    { image: f(2, 4, 5, 3), boxes: f(3, 4), boxInd: list(0, 1, 0) },
    { cropSize: [3, 2], method: "bilinear", extrapolationValue: 0.5 },
  ],
  DenseBincount: [
    { x: int([2, 3], [0, 1, 1, 5, 2, 0]), weights: f(2, 3) },
    { size: 4, binaryOutput: false },
  ],
  DepthToSpace: [{ x: f(1, 2, 3, 8) }, { blockSize: 2, dataFormat: "NHWC" }],
  DepthwiseConv2dNative: [
    { x: f(1, 4, 5, 2), filter: f(3, 2, 2, 3) },
    { ...flat, strides: [2, 2] },
  ],
  DepthwiseConv2dNativeBackpropFilter: [
    { x: f(1, 4, 5, 2), dy: f(1, 2, 3, 6) },
    { ...flat, strides: [2, 2], filterShape: [3, 2, 2, 3] },
  ],
  DepthwiseConv2dNativeBackpropInput: [
    { dy: f(1, 2, 3, 6), filter: f(3, 2, 2, 3) },
    { ...flat, strides: [2, 2], inputShape: [1, 4, 5, 2] },
  ],
  Diag: [{ x: f(2, 2) }],
  Dilation2D: [{ x: f(1, 4, 5, 2), filter: f(2, 3, 2) }, dilation],
  Draw: [{ image: { shape: [2, 3, 3], dtype: "int32" } }, { canvas: undefined, options: undefined }],
  Einsum: [[f(2, 3), f(3, 4)], { equation: "ij,jk->ik" }],
  EluGrad: [{ dy: f(2, 3), y: f(2, 3) }],
  ExpandDims: [{ input: f(2, 3) }, { dim: 1 }],
  Fill: [{}, { shape: [2, 3], value: 4, dtype: "float32" }],
  FlipLeftRight: [{ image: f(1, 2, 3, 1) }],
  FusedBatchNorm: [
    {
      x: f(2, 2, 2, 3),
      mean: f(3),
      variance: { shape: [3], dtype: "float32", values: [1, 2, 3] },
      scale: f(3),
      offset: f(3),
    },
    { varianceEpsilon: 0.001 },
  ],
  FusedConv2D: [
    { x: f(1, 4, 5, 2), filter: f(3, 2, 2, 3), bias: f(3), preluActivationWeights: f(3) },
    { ...flat, ...fused },
  ],
  FusedDepthwiseConv2D: [
    { x: f(1, 4, 5, 2), filter: f(3, 2, 2, 3), bias: f(6), preluActivationWeights: f(6) },
    { ...flat, ...fused, strides: [2, 2] },
  ],
  GatherNd: [{ params: f(2, 3, 2), indices: int([2, 2], [0, 1, 1, 2]) }],
  GatherV2: [
    { x: f(2, 3, 4), indices: int([2, 2], [0, 2, 1, 1]) },
    { axis: 1, batchDims: 0 },
  ],
  Identity: [{ x: f(2, 3) }],
  LeakyRelu: [{ x: f(2, 3) }, { alpha: 0.2 }],
  LinSpace: [{}, { start: 0, stop: 1, num: 5 }],
  LogSoftmax: [{ logits: f(2, 3) }, { axis: 1 }],
  LRN: [{ x: f(1, 2, 2, 4) }, nearby],
  LRNGrad: [{ x: f(1, 2, 2, 4), y: f(1, 2, 2, 4), dy: f(1, 2, 2, 4) }, nearby],
  Max: [{ x: f(2, 3) }, { reductionIndices: [1], keepDims: true }],
  MaxPoolWithArgmax: [{ x: f(2, 4, 5, 2) }, { ...pool, includeBatchInIndex: true }],
  MirrorPad: [
    { x: f(3, 4) },
    {
      paddings: [
        [1, 2],
        [0, 3],
      ],
      mode: "reflect",
    },
  ],
  Multinomial: [{ logits: f(2, 3) }, { numSamples: 4, seed: 1, normalized: false }],
  OneHot: [{ indices: list(0, 2, 5) }, { depth: 3, onValue: 1, offValue: 0, dtype: "float32" }],
  Pack: [[f(2, 3), f(2, 3)], { axis: 1 }],
  PadV2: [
    { x: f(2, 3) },
    {
      paddings: [
        [1, 2],
        [0, 3],
      ],
      constantValue: 0.5,
    },
  ],
  Prelu: [{ x: f(2, 3), alpha: f(3) }],
  RaggedGather: [
    { paramsNestedSplits: [list(0, 2, 3)], paramsDenseValues: f(3, 2), indices: list(1, 0) },
    { outputRaggedRank: 1 },
  ],
  RaggedRange: [{ starts: list(0, 5), limits: list(3, 1), deltas: list(1, -2) }],
  RaggedTensorToTensor: [
    {
      shape: list(2, 4),
      values: f(5),
      defaultValue: { shape: [], dtype: "float32", values: [0] },
      rowPartitionTensors: [list(0, 2, 5)],
    },
    { rowPartitionTypes: ["ROW_SPLITS"] },
  ],
  Range: [{}, { start: 0, stop: 5, step: 2, dtype: "int32" }],
  Reshape: [{ x: f(2, 6) }, { shape: [3, -1] }],
  Reverse: [{ x: f(2, 3) }, { dims: [1] }],
  RotateWithOffset: [{ image: f(1, 4, 5, 3) }, { radians: 0.5, fillValue: [0, 1, 2], center: [0.5, 0.5] }],
  ScatterNd: [{ indices: int([2, 1], [1, 3]), updates: f(2, 3) }, { shape: [4, 3] }],
  SearchSorted: [
    { sortedSequence: { shape: [2, 3], dtype: "float32", values: [1, 2, 3, 4, 5, 6] }, values: f(2, 2) },
    { side: "right" },
  ],
  Select: [{ condition: bool(2, 3), t: f(2, 3), e: f(2, 3) }],
  Slice: [{ x: f(3, 4) }, { begin: [1, 0], size: [2, -1] }],
  Softmax: [{ logits: f(2, 3) }, { dim: 1 }],
  SpaceToBatchND: [
    { x: f(1, 4, 3, 2) },
    {
      blockShape: [2, 2],
      paddings: [
        [0, 0],
        [1, 0],
      ],
    },
  ],
  SparseFillEmptyRows: [
    {
      indices: int([2, 2], [0, 1, 2, 0]),
      values: f(2),
      denseShape: list(4, 3),
      defaultValue: { shape: [], dtype: "float32", values: [0] },
    },
  ],
  SparseReshape: [{ inputIndices: int([2, 2], [0, 1, 2, 0]), inputShape: list(4, 3), newShape: list(2, -1) }],
  SparseToDense: [
    {
      sparseIndices: int([2, 1], [1, 3]),
      sparseValues: f(2),
      defaultValue: { shape: [], dtype: "float32", values: [0] },
    },
    { outputShape: [5] },
  ],
  SplitV: [{ x: f(2, 6) }, { numOrSizeSplits: [2, 4], axis: 1 }],
  StaticRegexReplace: [{ x: text("abc", "aa") }, { pattern: "a", rewrite: "b", replaceGlobal: true }],
  Step: [{ x: f(2, 3) }, { alpha: 0.5 }],
  StridedSlice: [
    { x: f(3, 4) },
    {
      ...{ begin: [0, 3], end: [3, 0], strides: [2, -1], beginMask: 0, endMask: 0, ellipsisMask: 0 },
      ...{ newAxisMask: 0, shrinkAxisMask: 0 },
    },
  ],
  StringNGrams: [
    { data: text("a", "b", "c", "d"), dataSplits: list(0, 2, 4) },
    {
      ...{ separator: "|", nGramWidths: [2], leftPad: "<", rightPad: ">", padWidth: 1 },
      preserveShortSequences: false,
    },
  ],
  StringSplit: [
    { input: text("a b", "c"), delimiter: { shape: [], dtype: "string", values: [" "] } },
    { skipEmpty: true },
  ],
  StringToHashBucketFast: [{ input: text("a", "b") }, { numBuckets: 10 }],
  TensorScatterUpdate: [{ tensor: f(4, 3), indices: int([2, 1], [1, 3]), updates: f(2, 3) }, {}],
  Tile: [{ x: f(2, 3) }, { reps: [2, 1] }],
  TopK: [{ x: f(2, 4) }, { k: 2, sorted: true }],
  Transform: [
    { image: f(1, 4, 5, 3), transforms: f(1, 8) },
    { interpolation: "bilinear", fillMode: "reflect", fillValue: 0.5, outputShape: [3, 3] },
  ],
  Transpose: [{ x: f(2, 3, 4) }, { perm: [2, 0, 1] }],
  Unique: [{ x: int([4, 2], [1, 1, 2, 2, 1, 1, 0, 0]) }, { axis: 0 }],
  Unpack: [{ value: f(2, 3) }, { axis: 1 }],
  UnsortedSegmentSum: [{ x: f(3, 2), segmentIds: list(1, 0, 1) }, { numSegments: 3 }],
  _FusedMatMul: [
    { a: f(2, 3), b: f(3, 4), bias: f(4), preluActivationWeights: f(4) },
    { transposeA: false, transposeB: false, ...fused },
  ],
};

const calls = new Map<string, Call>([...Object.entries(single), ...Object.entries(ownKernelCalls)]);
for (const [names, call] of groups) for (const name of names.split(" ")) calls.set(name, call);

/** A right call of a kernel; those that have none of their own take one tensor `x`. */
export function callOf(kernelName: string): Call {
  return calls.get(kernelName) ?? [{ x: f(2, 3) }];
}
