import { requireInteger, requireThat } from "../../check/index.js";

/** Ids are kept as 32-bit integers. */
const mostIds = 2 ** 31;

/**
 * Ids of the items of a generated data set.
 *
 * @throws RangeError such as `shapes: firstId + count must be at most 2147483648, got 2147483648 + 10`
 */
export function itemIds(caller: string, firstId: number, count: number): Int32Array {
  requireInteger(caller, "count", count, 1);
  requireInteger(caller, "firstId", firstId);
  const fits = firstId + count <= mostIds;
  requireThat(fits, caller, `firstId + count must be at most ${mostIds}, got ${firstId} + ${count}`);
  return Int32Array.from({ length: count }, (_, index) => firstId + index);
}
