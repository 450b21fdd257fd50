import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { TensorInfo } from "../tensor.js";

/**
 * Reserves memory for a tensor and gives it to `fill`, with that of the inputs, as they lie in the wasm heap: typed
 * arrays of the tensors' dtypes. They are made after the reservation because the heap moves when it grows.
 */
export function fillOnHeap(
  backend: BackendWasm,
  inputs: readonly TensorInfo[],
  { shape, dtype }: Pick<TensorInfo, "shape" | "dtype">,
  fill: (result: HeapArray, ...inputs: HeapArray[]) => void,
): TensorInfo {
  const result = backend.makeOutput(shape, dtype);
  const [first, ...rest] = [result, ...inputs].map((tensor) => backend.typedArrayFromHeap(tensor) as HeapArray);
  fill(first as HeapArray, ...rest);
  return result;
}

/** What a tensor's dtype makes of its memory: float32, int32 or bool. */
export type HeapArray = Float32Array | Int32Array | Uint8Array;
