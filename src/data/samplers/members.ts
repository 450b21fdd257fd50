import { type Random, requireThat } from "../../check/index.js";

/** Positions of the items that share a value of a column, for each value, in the order of the values. */
export function membersOf(column: ArrayLike<number>): Map<number, Int32Array> {
  const counts = new Map<number, number>();
  for (let at = 0; at < column.length; at++) {
    const value = column[at] as number;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const values = [...counts.keys()].sort((a, b) => a - b);
  const members = new Map(values.map((value) => [value, new Int32Array(counts.get(value) as number)]));
  const filled = new Map<number, number>();
  for (let at = 0; at < column.length; at++) {
    const value = column[at] as number;
    const next = filled.get(value) ?? 0;
    (members.get(value) as Int32Array)[next] = at;
    filled.set(value, next + 1);
  }
  return members;
}

/** Positions of the items of each label. @throws RangeError `stratified: labels must be known, got -1 for item 12` */
export function membersOfLabels(
  caller: string,
  { labels, ids }: { readonly labels: Int32Array; readonly ids: Int32Array },
): Int32Array[] {
  const unknown = labels.findIndex((label) => label < 0);
  const wayOut = "leave such items out with subset(…)";
  requireThat(unknown < 0, caller, `labels must be known, got ${labels[unknown]} for item ${ids[unknown]}; ${wayOut}`);
  return [...membersOf(labels).values()];
}

/** The values in random order. */
export function shuffle(random: Random, values: Int32Array): Int32Array {
  return random.permutation(values.length).map((at) => values[at] as number);
}
