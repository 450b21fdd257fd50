import { type InspectOptions, inspect, types } from "node:util";
import { isPlain } from "./plain.js";

/** Keys of one object beyond these are counted, not written. */
const mostKeys = 100;
/** Items of an array that are looked into: `inspect` writes no more of them. */
const mostItems = 100;
/** Objects that are looked into. */
const mostObjects = 10_000;

/** Stands for the keys that are left out; a character that no language uses. */
const restKey = "\uE000";
const colour = String.raw`(?:\u001b\[\d+m)?`;
const restPattern = new RegExp(`${colour}'${restKey}'${colour}: `, "g");

/**
 * Writes a value by `inspect`, of plain objects the first keys only: `inspect` itself limits arrays, maps and strings, but
 * writes the 10,000 keys of an object.
 *
 * @param depth how deep objects within objects are written
 */
export function inspectFewKeys(value: unknown, options: InspectOptions & { readonly depth: number }): string {
  let left = mostObjects;
  /** What is written instead of an object. */
  const shorts = new Map<object, object>();

  function shortened(given: unknown, depth: number): unknown {
    if (typeof given !== "object" || given === null || depth < 0 || left <= 0 || types.isProxy(given)) return given;
    const known = shorts.get(given);
    if (known) return known;
    left--;
    // For those who hold themselves.
    shorts.set(given, given);
    const isShort = isPlain(given) && !(inspect.custom in given);
    const short = Array.isArray(given) ? shortArray(given, depth) : isShort ? shortObject(given, depth) : given;
    shorts.set(given, short);
    return short;
  }

  function shortArray(given: unknown[], depth: number): unknown[] {
    const items = given.slice(0, mostItems);
    const short = items.map((item) => shortened(item, depth - 1));
    if (short.every((item, index) => Object.is(item, items[index]))) return given;
    return [...short, ...given.slice(mostItems)];
  }

  function shortObject(given: object, depth: number): object {
    const keys = Object.keys(given);
    const rest = keys.length - mostKeys;
    const short = Object.create(Object.getPrototypeOf(given));
    if (rest > 0) shorts.set(given, short);
    let isShorter = rest > 0;
    for (const key of keys.slice(0, mostKeys)) {
      // Asked for in this way, a getter is not called.
      const descriptor = Object.getOwnPropertyDescriptor(given, key) as PropertyDescriptor;
      const value = shortened(descriptor.value, depth - 1);
      isShorter ||= !Object.is(value, descriptor.value);
      Object.defineProperty(short, key, "get" in descriptor ? descriptor : { ...descriptor, value });
    }
    if (rest > 0) short[restKey] = { [inspect.custom]: () => `${rest} more` };
    return isShorter ? short : given;
  }

  return inspect(shortened(value, options.depth), options).replace(restPattern, "… ");
}
