/** What Node 20 has and the standard library of TypeScript 5.0 does not describe: copying array methods of ES2023. */
export const laterLibrary = `
interface Array<T> {
  /** Returns a copy of an array with its elements reversed. */
  toReversed(): T[];
  /** Returns a copy of an array with its elements sorted. */
  toSorted(compareFn?: (a: T, b: T) => number): T[];
  /** Copies an array and removes elements and, if necessary, inserts new elements in their place. */
  toSpliced(start: number, deleteCount?: number, ...items: T[]): T[];
  /** Copies an array, then overwrites the value at the provided index. */
  with(index: number, value: T): T[];
}
interface ReadonlyArray<T> {
  /** Returns a copy of an array with its elements reversed. */
  toReversed(): T[];
  /** Returns a copy of an array with its elements sorted. */
  toSorted(compareFn?: (a: T, b: T) => number): T[];
  /** Copies an array and removes elements and, if necessary, inserts new elements in their place. */
  toSpliced(start: number, deleteCount?: number, ...items: T[]): T[];
  /** Copies an array, then overwrites the value at the provided index. */
  with(index: number, value: T): T[];
}
${["Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64"]
  .map(
    (kind) => `interface ${kind}Array {
  /** Returns a copy of the array with its elements reversed. */
  toReversed(): ${kind}Array;
  /** Returns a copy of the array with its elements sorted. */
  toSorted(compareFn?: (a: number, b: number) => number): ${kind}Array;
  /** Copies the array, then overwrites the value at the provided index. */
  with(index: number, value: number): ${kind}Array;
}`,
  )
  .join("\n")}
`;
