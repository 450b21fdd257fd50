import { requireThat } from "../check/index.js";

/**
 * Requires images, where no compiler has looked: what was not waited for, and vectors, would fail far from here.
 *
 * @throws RangeError such as `fit: data must be images, got a promise; put await before what loads them`
 */
export function requireImages(caller: string, dataset: object): void {
  const isPromise = "then" in dataset;
  const advice = isPromise
    ? "a promise; put await before what loads them"
    : `${"dimensions" in dataset ? "vectors; read them in a loop of your own" : "something else"}`;
  requireThat("imageShape" in dataset && "read" in dataset, caller, `data must be images, got ${advice}`);
}
