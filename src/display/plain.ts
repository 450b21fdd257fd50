/** Whether a value is an object as literals and JSON make it, of this realm or another one. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  // An object of another realm has an Object.prototype of its own, whose prototype is null.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
