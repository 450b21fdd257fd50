import type { KernelConfig } from "../../tensor.js";
import { hostKernel } from "../hostKernel.js";

/** Kernels of ragged and sparse tensors, walks over a few row numbers, and of text. */
export const onHost: KernelConfig[] = [
  ...["RaggedGather", "RaggedRange", "RaggedTensorToTensor"],
  ...["SparseFillEmptyRows", "SparseReshape", "SparseSegmentMean", "SparseSegmentSum"],
  ...["StaticRegexReplace", "StringNGrams", "StringSplit", "StringToHashBucketFast"],
].map(hostKernel);
