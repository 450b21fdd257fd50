import type { GroupOf } from "../../data/index.js";
import type { PairTable } from "../../objectives/index.js";

/** Which rows and columns of a pair table are drawn, sorted by group. */
export interface Selection {
  readonly rows: Ordered;
  /** Candidates that are negatives of some anchor. */
  readonly columns: Ordered;
  /** Per drawn row its positive, where that one is a candidate of this anchor alone (a key beside a queue). */
  readonly own: readonly number[] | undefined;
}

/** Positions in the table in drawing order, and where each group begins and ends. */
interface Ordered {
  readonly positions: readonly number[];
  readonly blocks: readonly Block[];
  /** How many there are in the table. */
  readonly total: number;
}

/** Drawn positions `from` … `to` − 1 belong to `group`; -1 is noise, which is no item. */
export interface Block {
  readonly group: number;
  readonly from: number;
  readonly to: number;
}

/** The roles of all pairs, row by row, as `table.pairs` holds them. */
export interface Roles {
  readonly positive: Float32Array;
  readonly negative: Float32Array;
}

/**
 * Chooses what is drawn: items evenly from every group, all views of an item together, and of the candidates first the
 * positives of the drawn anchors.
 *
 * @param limit rows, and columns, at most; positives are never left out
 */
export function select(
  table: Pick<PairTable, "anchors" | "candidates">,
  { positive, negative }: Roles,
  groupOf: GroupOf,
  limit: number,
): Selection {
  const { anchors, candidates } = table;
  const groups = (item: number) => (item < 0 ? -1 : groupOf(item));
  const everyRow = anchors.map((_, row) => row);
  const rows = ordered(evenly(everyRow, anchors, groups, limit), anchors, groups);
  const shared = candidates.map((_, column) => anchors.some((_, row) => negative[row * candidates.length + column]));
  const positives = new Set<number>();
  for (const row of rows.positions) {
    for (let column = 0; column < candidates.length; column++) {
      if (positive[row * candidates.length + column]) positives.add(column);
    }
  }
  const chosen = [...positives].filter((column) => shared[column]);
  const others = candidates.flatMap((_, column) => (shared[column] && !positives.has(column) ? [column] : []));
  const columns = [...chosen, ...evenly(others, candidates, groups, limit - chosen.length)];
  return {
    rows,
    columns: { ...ordered(columns, candidates, groups), total: shared.filter(Boolean).length },
    own: positives.size > 0 && chosen.length === 0 ? rows.positions.map((row) => firstPositive(row)) : undefined,
  };

  function firstPositive(row: number): number {
    return positive.subarray(row * candidates.length, (row + 1) * candidates.length).findIndex((value) => value > 0);
  }
}

type Refs = readonly { readonly item: number; readonly view: number }[];

/** Takes one item after the other from each group in turn, while all its positions fit. */
function evenly(positions: number[], refs: Refs, groups: (item: number) => number, limit: number): number[] {
  if (positions.length <= limit) return positions;
  const byGroup = new Map<number, Map<number, number[]>>();
  for (const position of positions) {
    const { item } = refs[position] as Refs[number];
    const group = groups(item);
    const items = byGroup.get(group) ?? new Map<number, number[]>();
    byGroup.set(group, items);
    // Noise has no items to keep together.
    const key = item < 0 ? -1 - position : item;
    items.set(key, [...(items.get(key) ?? []), position]);
  }
  const queues = [...byGroup.entries()].sort(([a], [b]) => a - b).map(([, items]) => [...items.values()]);
  const chosen: number[] = [];
  for (let turn = 0; queues.some((queue) => turn < queue.length); turn++) {
    for (const queue of queues) {
      const next = queue[turn];
      if (next && chosen.length + next.length <= limit) chosen.push(...next);
    }
  }
  return chosen;
}

/** By group (noise last), then view, then item, so that the views of a group's items stand in the same order. */
function ordered(positions: number[], refs: Refs, groups: (item: number) => number): Ordered {
  const rank = (group: number) => (group < 0 ? Number.POSITIVE_INFINITY : group);
  const entries = positions.map((position) => {
    const { item, view } = refs[position] as Refs[number];
    return { position, item, view, group: groups(item) };
  });
  entries.sort((a, b) =>
    a.group === b.group ? a.view - b.view || a.item - b.item || a.position - b.position : rank(a.group) - rank(b.group),
  );
  const blocks: Block[] = [];
  for (const [at, { group }] of entries.entries()) {
    const last = blocks.at(-1);
    if (last?.group === group) blocks[blocks.length - 1] = { ...last, to: at + 1 };
    else blocks.push({ group, from: at, to: at + 1 });
  }
  return { positions: entries.map(({ position }) => position), blocks, total: refs.length };
}
