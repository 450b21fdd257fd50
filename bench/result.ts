import type { Row, Unit } from "./suite.js";

/** Least and greatest value over the rounds. */
export type Spread = readonly [least: number, greatest: number];

/** One row of a benchmark: ours beside a peer, measured in one run. Without a peer its fields are null. */
export interface Result {
  readonly name: string;
  readonly unit: Unit;
  /** Medians over the rounds. */
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string | null;
  /** Ratio of the medians; above 1 means that ours is better. */
  readonly ratio: number | null;
  /** The least ratio that we want, if there is one. */
  readonly target?: number;
  /** The most that ours may be, in `unit`, if there is a limit. */
  readonly most?: number;
  /** Whether `target` and `most` are met; absent where there is neither, or no peer to compare with. */
  readonly met?: boolean;
  /** Over the rounds; that of `ratio` is of the ratios within each round. */
  readonly spread: { readonly ours: Spread; readonly peer: Spread | null; readonly ratio: Spread | null };
  readonly rounds: { readonly ours: readonly number[]; readonly peer: readonly number[] | null };
}

/** What both sides of a row measured, in the row's unit, one value per round. */
interface Measured {
  readonly ours: readonly number[];
  readonly peer?: { readonly name: string; readonly values: readonly number[] };
}

/** Sums the rounds of one row up. */
export function summarize(row: Row, { ours, peer }: Measured): Result {
  const better = (mine: number, other: number) => (row.unit === "images/s" ? mine / other : other / mine);
  const middle = median(ours);
  const ratio = peer ? better(middle, median(peer.values)) : null;
  const met = isMet(row, middle, ratio);
  return {
    name: row.name,
    unit: row.unit,
    ours: middle,
    peer: peer ? median(peer.values) : null,
    peerName: peer ? peer.name : null,
    ratio,
    ...(row.target !== undefined && { target: row.target }),
    ...(row.most !== undefined && { most: row.most }),
    ...(met !== undefined && { met }),
    spread: {
      ours: spread(ours),
      peer: peer ? spread(peer.values) : null,
      ratio: peer ? spread(ours.map((value, round) => better(value, peer.values[round] as number))) : null,
    },
    rounds: { ours, peer: peer ? peer.values : null },
  };
}

function isMet({ target, most }: Row, ours: number, ratio: number | null): boolean | undefined {
  if (target !== undefined && ratio === null) return undefined;
  if (target === undefined && most === undefined) return undefined;
  return (target === undefined || (ratio as number) >= target) && (most === undefined || ours <= most);
}

/** The middle value; the mean of the two middle ones when their number is even. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] as number;
  const lower = sorted[(sorted.length - 1) >> 1] as number;
  return (upper + lower) / 2;
}

function spread(values: readonly number[]): Spread {
  return [Math.min(...values), Math.max(...values)];
}
