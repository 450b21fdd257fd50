/** What the child knows of one run of a cell. */
export interface CellState {
  readonly id: number;
  readonly key: string;
  readonly abort: AbortController;
  /** Whether the front end that sent it answers questions. */
  readonly allowStdin: boolean;
  /** Whether the code has asked for `signal`. */
  listens: boolean;
  /**
   * When it was stopped without its consent, ms as `performance.now` counts: whatever still waits on its behalf must not
   * go on.
   */
  givenUpAt: number | undefined;
  /** Its timers that may still fire. */
  readonly timers: Set<NodeJS.Timeout | NodeJS.Immediate>;
  /** What else has to be done when it is given up. */
  readonly whenGivenUp: Set<() => void>;
}

export function newCellState({ id, key, allowStdin }: Pick<CellState, "id" | "key" | "allowStdin">): CellState {
  const abort = new AbortController();
  const begun = { timers: new Set<never>(), whenGivenUp: new Set<never>() };
  return { id, key, allowStdin, abort, listens: false, givenUpAt: undefined, ...begun };
}
