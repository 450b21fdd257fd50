/**
 * Functions of the addon that are right for complex numbers. All others are refused: libtorch would drop the imaginary
 * part in some of them, with no more than a warning.
 */
export const complexKernels: ReadonlySet<string> = new Set([
  ...["Cast", "Complex", "ComplexAbs", "FFT", "IFFT", "Imag", "OnesLike", "Real", "ZerosLike"],
  ...["Add", "AddN", "Multiply", "Neg", "RealDiv", "Reciprocal", "Square", "SquaredDifference", "Sub"],
  ...["Cos", "Cosh", "Exp", "Log", "Sin", "Sinh", "Sqrt", "Tan", "Tanh"],
  ...["BatchMatMul", "Cumprod", "Cumsum", "Einsum", "Mean", "Prod", "Sum"],
  ...["Equal", "NotEqual", "Select"],
  ...["Concat", "Diag", "GatherNd", "GatherV2", "MirrorPad", "Pack", "PadV2", "Reverse", "Slice", "SplitV"],
  ...["ScatterNd", "SparseToDense", "StridedSlice", "TensorScatterUpdate", "Tile", "Transpose", "Unpack", "rearrange"],
]);
