import { inspect } from "node:util";

/** A TensorFlow.js tensor, by its shape: this room does not load tfjs. */
export interface TensorLike {
  readonly shape: number[];
  readonly dtype: string;
  readonly size: number;
  readonly isDisposed: boolean;
  array(): Promise<unknown>;
  data(): Promise<ArrayLike<unknown>>;
  flatten(): TensorLike;
  slice(begin: number, size: number): TensorLike;
  dispose(): void;
}

export function isTensor(value: object): value is TensorLike {
  const candidate = value as Partial<TensorLike> & { dataId?: unknown; arraySync?: unknown };
  return (
    Array.isArray(candidate.shape) &&
    typeof candidate.dtype === "string" &&
    typeof candidate.arraySync === "function" &&
    "dataId" in value
  );
}

/** Shape, type and values of a tensor in words; of a large one the first values only, read without the rest. */
export async function describeTensor(tensor: TensorLike): Promise<string> {
  const title = `Tensor [${tensor.shape.join(", ")}] ${tensor.dtype}`;
  if (tensor.isDisposed) return `${title}, disposed`;
  if (tensor.size <= mostWhole) return `${title}\n${written(await tensor.array())}`;
  const flat = tensor.flatten();
  const head = flat.slice(0, previewed);
  const values = (await head.array()) as number[];
  flat.dispose();
  head.dispose();
  return `${title}\n[ ${values.map(rounded).join(", ")}, … ${tensor.size - previewed} more ]`;
}

const mostWhole = 100;
const previewed = 8;

/** Four significant digits; `inspect` lays nested rows out in lines. */
function written(values: unknown): string {
  return inspect(rounded(values), { depth: 8, breakLength: 100, compact: 3, maxArrayLength: mostWhole });
}

function rounded(values: unknown): unknown {
  if (Array.isArray(values)) return values.map(rounded);
  return typeof values === "number" ? Number(values.toPrecision(4)) : values;
}
