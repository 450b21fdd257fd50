/** The positions 0 … size − 1 in their order, so many at a time. */
export function* inParts(size: number, count: number): Generator<Int32Array> {
  for (let from = 0; from < size; from += count) {
    yield Int32Array.from({ length: Math.min(count, size - from) }, (_, index) => from + index);
  }
}
