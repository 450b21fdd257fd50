import { expect, test, vi } from "vitest";
import { start } from "../../../src/engine/torch/index.js";
import { isExcluded } from "./exclusions.js";
import { loadTests } from "./jasmine.js";

// The compiled op tests that tfjs-core ships, run on our backend: those of the kernels that training, views, probes
// and figures use.
vi.mock("../../../node_modules/@tensorflow/tfjs-core/dist/jasmine_util.js", async () => {
  const { jasmineUtil } = await import("./jasmine.js");
  return jasmineUtil();
});

const files = [
  ...["abs", "add", "add_n", "all", "any", "arg_max", "arg_min", "arithmetic", "avg_pool", "avg_pool_3d"],
  ...["batch_to_space_nd", "batchnorm", "bincount", "binary_ops", "boolean_mask", "broadcast_to", "clip_by_value"],
  ...["clone", "concat", "conv1d", "conv2d", "conv2d_separable", "conv2d_transpose", "conv3d", "cumprod", "cumsum"],
  ...["dense_bincount", "depth_to_space", "depthwise_conv2d", "diag", "einsum", "elu", "equal", "erf", "exp", "eye"],
  ...["fill", "floordiv", "gather", "gather_nd", "greater", "in_top_k", "leaky_relu", "less", "linspace"],
  ...["local_response_normalization", "log", "log_softmax", "log_sum_exp", "logical_and", "mat_mul", "max", "max_pool"],
  ...[
    "max_pool_3d",
    "max_pool_with_argmax",
    "mean",
    "min",
    "mirror_pad",
    "moments",
    "multinomial",
    "norm",
    "not_equal",
  ],
  ...["one_hot", "pad", "pool", "prod", "range", "relu", "relu6", "reverse", "round", "scatter_nd", "search_sorted"],
  ...["sigmoid", "sign", "slice", "softmax", "softplus", "space_to_batch_nd", "sparse_to_dense", "split", "square"],
  ...["squeeze", "stack", "step", "strided_slice", "sub", "sum", "tanh", "tensor_scatter_update", "tile", "topk"],
  ...["transpose", "unique", "unsorted_segment_sum", "unstack", "where", "where_async", "zeros_like"],
  ...["fused/fused_mat_mul", "fused/fused_conv2d", "fused/fused_depthwise_conv2d", "image/crop_and_resize"],
  ...["image/flip_left_right", "image/non_max_suppression", "image/resize_bilinear", "image/resize_nearest_neighbor"],
  ...["image/rotate_with_offset", "image/transform", "complex_ops", "ifft", "log_sigmoid", "ones_like", "expand_dims"],
  ...["greater_equal", "less_equal", "signal/frame", "signal/hamming_window", "signal/hann_window", "signal/stft"],
  ...["spectral/fft", "spectral/irfft", "spectral/rfft", "string/static_regex_replace", "string/string_n_grams"],
  ...["string/string_split", "string/string_to_hash_bucket_fast"],
];

await start();
await loadTests(
  files.map((file) => `ops/${file}`),
  isExcluded,
);

test("the exclusions are what they say", () => {
  expect(isExcluded("maxPool > [x=[3,3,1] f=[2,2] s=1 ignores NaNs")).toBe(true);
  expect(isExcluded("argmax > ignores NaNs")).toBe(false);
  expect(isExcluded("conv2d > x=[1,4,4,1] f=[1,1,1,3] s=2 d=1 p=same")).toBe(false);
});
