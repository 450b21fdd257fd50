import type { Handler } from "./handler.js";

interface Entry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  output?: string;
}

/** The cells of this kernel's life, as `history_request` sees them. */
export class History {
  readonly #entries: Entry[] = [];

  /** Remembers a cell; its output can be added later. */
  add(line: number, input: string): Entry {
    const entry: Entry = { session: 1, line, input };
    this.#entries.push(entry);
    return entry;
  }

  /** The last `n`. */
  tail(n: number): Entry[] {
    return n > 0 ? this.#entries.slice(-n) : [];
  }

  /** Lines `start` ≤ line < `stop`. Session 0 is the present one; we know no other. */
  range(session: number, start: number, stop: number): Entry[] {
    if (session !== 0 && session !== 1) return [];
    return this.#entries.filter(({ line }) => line >= start && line < stop);
  }

  /** The last `n` whose input fits the glob `pattern` (`*`, `?`); with `unique` only the last of equal inputs. */
  search(pattern: string, n: number, unique: boolean): Entry[] {
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

const natural = (value: unknown, otherwise: number) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : otherwise;

/** `history_request`. */
export const history: Handler = async ({ message }, kernel) => {
  const { hist_access_type: access, output, session, start, stop, n, pattern, unique } = message.content;
  const most = natural(n, 1000);
  let found: Entry[];
  if (access === "range")
    found = kernel.history.range(natural(session, -1), natural(start, 0), natural(stop, Infinity));
  else if (access === "search") found = kernel.history.search(String(pattern ?? "*"), most, unique === true);
  else found = kernel.history.tail(most);
  const tuples = found.map((entry) => [
    entry.session,
    entry.line,
    output === true ? [entry.input, entry.output ?? null] : entry.input,
  ]);
  return { status: "ok", history: tuples };
};
