import { requireOneOf } from "../check/index.js";
import { backend, getBackend, type Tensor, type TensorContainer, tensor_util } from "./tensor.js";

/** What convolutions and dense layers compute in. */
export type Precision = "float32" | "bfloat16";

/** A tfjs backend that can compute in bfloat16. */
interface ReducingBackend {
  reducing: boolean;
  /** Stores a tensor as float32 from now on. */
  widen(tensor: Tensor): void;
}

/**
 * Runs a computation in a precision. In `bfloat16` convolutions and dense layers round their operands to 8 bits of
 * mantissa and add up in float32; their results, and what normalization, relu, sums and pooling make of them, are stored
 * so too, in half the memory. All other operations, weights, their gradients and statistics stay float32. To JavaScript
 * every tensor is a float32 tensor, and what is returned is stored as such. As in PyTorch's autocast, nothing else
 * changes; scopes may be nested, and the inner one counts.
 *
 * @param compute synchronous; gradients taken inside are computed in the same precision
 * @throws RangeError `withPrecision: precision must be one of "float32", "bfloat16", got "float16"`
 * @throws RangeError `withPrecision: bfloat16 asks for the engine torch, got wasm; call engine.use("torch"), or use float32`
 */
export function withPrecision<T extends TensorContainer>(precision: Precision, compute: () => T): T {
  const reduce = requireOneOf("withPrecision", "precision", precision, ["float32", "bfloat16"]) === "bfloat16";
  const reducer = reducingBackend();
  if (!reducer) {
    requirePrecision("withPrecision", precision);
    return compute();
  }
  const before = reducer.reducing;
  reducer.reducing = reduce;
  try {
    const result = compute();
    if (reduce && !before) for (const tensor of tensor_util.getTensorsInContainer(result)) reducer.widen(tensor);
    return result;
  } finally {
    reducer.reducing = before;
  }
}

/**
 * Checks that the engine in use computes in a precision.
 *
 * @throws RangeError `fit: bfloat16 asks for the engine torch, got wasm; call engine.use("torch"), or use float32`
 */
export function requirePrecision(caller: string, precision: Precision): void {
  requireOneOf(caller, "precision", precision, ["float32", "bfloat16"]);
  if (precision === "float32" || reducingBackend()) return;
  const remedy = 'call engine.use("torch"), or use float32';
  throw new RangeError(`${caller}: bfloat16 asks for the engine torch, got ${getBackend()}; ${remedy}`);
}

/** Ends what a stopped {@link withPrecision} has left on. */
export function endReducing(): void {
  const reducer = getBackend() ? reducingBackend() : undefined;
  if (reducer) reducer.reducing = false;
}

function reducingBackend(): ReducingBackend | undefined {
  const current = backend() as unknown as Partial<ReducingBackend>;
  return current.widen && current.reducing !== undefined ? (current as ReducingBackend) : undefined;
}
