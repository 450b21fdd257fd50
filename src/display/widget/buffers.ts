/** Where a buffer was in the state: keys of objects and indices of arrays. */
export type BufferPath = readonly (string | number)[];

/** A state as it goes over a comm (Jupyter widgets protocol 2.1): JSON, and what is binary beside it. */
export interface SplitState {
  readonly state: Record<string, unknown>;
  readonly bufferPaths: readonly BufferPath[];
  readonly buffers: readonly Uint8Array[];
}

/** Takes typed arrays, array buffers and Buffers out of a state; in arrays null keeps their place. */
export function splitBuffers(state: Record<string, unknown>): SplitState {
  const bufferPaths: BufferPath[] = [];
  const buffers: Uint8Array[] = [];
  const take = (value: unknown, path: BufferPath): unknown => {
    const bytes = bytesOf(value);
    if (bytes) {
      bufferPaths.push(path);
      buffers.push(bytes);
      return null;
    }
    if (Array.isArray(value)) return value.map((element, index) => take(element, [...path, index]));
    if (!isPlainObject(value)) return value;
    const kept = Object.entries(value).map(([key, member]) => [key, take(member, [...path, key])] as const);
    return Object.fromEntries(kept.filter(([key, member]) => !(member === null && bytesOf(value[key]))));
  };
  return { state: take(state, []) as Record<string, unknown>, bufferPaths, buffers };
}

/** Puts buffers back to where they were. */
export function joinBuffers(
  state: Record<string, unknown>,
  bufferPaths: readonly BufferPath[],
  buffers: readonly Uint8Array[],
): Record<string, unknown> {
  const joined = structuredClone(state);
  bufferPaths.forEach((path, index) => {
    let place: Record<string | number, unknown> = joined;
    for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
    place[path.at(-1) as string] = buffers[index];
  });
  return joined;
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
