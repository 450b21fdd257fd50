import type { HistoryEntry, HistoryStore } from "./historyStore.js";

/** The cells of a shell's life and, from the store, those of earlier ones, as `history_request` sees them. */
export class History {
  readonly #entries: HistoryEntry[] = [];
  readonly #store: HistoryStore;
  #session: Promise<number> | undefined;

  constructor(store: HistoryStore) {
    this.#store = store;
  }

  /** Remembers a cell; its output can be added by {@link setOutput}. */
  async add(line: number, input: string): Promise<HistoryEntry> {
    this.#session ??= this.#store.begin();
    const entry: HistoryEntry = { session: await this.#session, line, input };
    this.#entries.push(entry);
    await this.#store.append(entry.session, { line, input });
    return entry;
  }

  async setOutput(entry: HistoryEntry, output: string): Promise<void> {
    entry.output = output;
    await this.#store.append(entry.session, { line: entry.line, output });
  }

  /** The last `n`, also of earlier sessions, the oldest first. */
  async tail(n: number): Promise<HistoryEntry[]> {
    return this.#newest(n, () => true);
  }

  /** Lines `start` ≤ line < `stop`. Session 0 is the present one, −1 the one before it. */
  async range(session: number, start: number, stop: number): Promise<HistoryEntry[]> {
    const present = await (this.#session ?? this.#store.next());
    const wanted = session <= 0 ? present + session : session;
    const entries = wanted === present ? this.#entries : await this.#store.read(wanted);
    return entries.filter(({ line }) => line >= start && line < stop);
  }

  /** The last `n` whose input fits the glob `pattern` (`*`, `?`, `[…]`); with `unique` only the last of equal inputs. */
  async search(pattern: string, n: number, unique: boolean): Promise<HistoryEntry[]> {
    const expression = globExpression(pattern);
    const seen = new Set<string>();
    return this.#newest(n, ({ input }) => {
      if (!expression.test(input) || (unique && seen.has(input))) return false;
      seen.add(input);
      return true;
    });
  }

  /** Goes back from the newest until there are `n` that are wanted. */
  async #newest(n: number, isWanted: (entry: HistoryEntry) => boolean): Promise<HistoryEntry[]> {
    const found: HistoryEntry[] = [];
    const collect = (entries: readonly HistoryEntry[]) => {
      for (const entry of entries.toReversed()) {
        if (found.length < n && isWanted(entry)) found.push(entry);
      }
    };
    collect(this.#entries);
    const present = await this.#session;
    for (const session of found.length < n ? await this.#store.sessions() : []) {
      if (found.length >= n) break;
      if (session !== present) collect(await this.#store.read(session));
    }
    return found.reverse();
  }
}

function globExpression(pattern: string): RegExp {
  const parts = pattern.match(/\[[^\]]*\]|[\s\S]/g) ?? [];
  const source = parts.map((part) => {
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    if (part.length > 1) return `[${part.slice(1, -1).replace(/[\\^]/g, "\\$&")}]`;
    return part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`);
}
