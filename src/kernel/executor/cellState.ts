/** What the child knows of one run of a cell. */
export interface CellState {
  readonly id: number;
  readonly key: string;
  readonly abort: AbortController;
  /** Whether the front end that sent it answers questions. */
  readonly allowStdin: boolean;
  /** Whether the code has asked for `signal`. */
  listens: boolean;
  /** Stopped without its consent: whatever still waits on its behalf must not go on. */
  givenUp: boolean;
  /** Its timers that may still fire. */
  readonly timers: Set<NodeJS.Timeout | NodeJS.Immediate>;
}

export function newCellState({ id, key, allowStdin }: Pick<CellState, "id" | "key" | "allowStdin">): CellState {
  const abort = new AbortController();
  return { id, key, allowStdin, abort, listens: false, givenUp: false, timers: new Set() };
}
