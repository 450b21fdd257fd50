/** A cell that ran. */
export interface HistoryEntry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  output?: string;
}

/** The cells of this kernel's life, as `history_request` sees them. */
export class History {
  readonly #entries: HistoryEntry[] = [];

  /** Remembers a cell; its output can be added later. */
  add(line: number, input: string): HistoryEntry {
    const entry: HistoryEntry = { session: 1, line, input };
    this.#entries.push(entry);
    return entry;
  }

  /** The last `n`. */
  tail(n: number): HistoryEntry[] {
    return n > 0 ? this.#entries.slice(-n) : [];
  }

  /** Lines `start` ≤ line < `stop`. Session 0 is the present one; we know no other. */
  range(session: number, start: number, stop: number): HistoryEntry[] {
    if (session !== 0 && session !== 1) return [];
    return this.#entries.filter(({ line }) => line >= start && line < stop);
  }

  /** The last `n` whose input fits the glob `pattern` (`*`, `?`); with `unique` only the last of equal inputs. */
  search(pattern: string, n: number, unique: boolean): HistoryEntry[] {
    const expression = globExpression(pattern);
    let found = this.#entries.filter(({ input }) => expression.test(input));
    if (unique) found = [...new Map(found.map((entry) => [entry.input, entry])).values()];
    return found.slice(-n);
  }
}

function globExpression(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*/g, "[\\s\\S]*").replace(/\?/g, "[\\s\\S]")}$`);
}
