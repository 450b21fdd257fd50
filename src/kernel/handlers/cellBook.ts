import type { Message, RequestChannel } from "../wire/index.js";

/** Who has sent a cell, as far as answers need it. */
export interface Sender {
  readonly channel: RequestChannel;
  readonly message: Pick<Message, "header" | "identities">;
}

/** What has to be remembered of a cell that ran, for its late output and for errors in its functions. */
export interface CellRecord {
  readonly id: number;
  /** As in the prompt: `[3]`. */
  readonly number: number;
  readonly fileName: string;
  readonly code: string;
  readonly sender: Sender;
  /** Shows nothing of its own accord. */
  readonly silent: boolean;
}

/** In so many of the latest cells a source is looked for. */
const mostCodes = 500;
/** Cells beyond these are forgotten, the oldest first: their late output goes to the latest cell. */
const mostCells = 10_000;

/** All cells that ran. */
export class CellBook {
  readonly #byId = new Map<number, CellRecord>();
  readonly #byFile = new Map<string, CellRecord>();
  /** How often a name was given. */
  readonly #runs = new Map<string, number>();
  #nextId = 1;

  add(cell: Omit<CellRecord, "id">): CellRecord {
    const record = { id: this.#nextId++, ...cell };
    this.#byId.set(record.id, record);
    this.#byFile.set(record.fileName, record);
    if (this.#byId.size > mostCells) this.#forgetOldest();
    return record;
  }

  /** The cell with this id; for unknown ids the latest. */
  byId(id: number): CellRecord | undefined {
    return this.#byId.get(id) ?? this.#byId.get(this.#nextId - 1);
  }

  /** Whether a cell shows nothing of its own accord. */
  isSilent(id: number): boolean {
    return this.#byId.get(id)?.silent ?? false;
  }

  /** A file name that no cell has had, such as `cell-3.ts` or `cell-3-run2.ts`: functions of earlier cells keep theirs. */
  freshName(path: string): string {
    const run = (this.#runs.get(path) ?? 0) + 1;
    this.#runs.set(path, run);
    return run === 1 ? `${path}.ts` : `${path}-run${run}.ts`;
  }

  /** The latest cell that ran under this name. */
  byFile(fileName: string): CellRecord | undefined {
    return this.#byFile.get(fileName);
  }

  /** Code of the latest cells, the latest first. */
  codes(): string[] {
    return [...this.#byId.values()]
      .reverse()
      .slice(0, mostCodes)
      .map(({ code }) => code);
  }

  #forgetOldest(): void {
    const [oldest] = this.#byId.values();
    if (!oldest) return;
    this.#byId.delete(oldest.id);
    this.#byFile.delete(oldest.fileName);
  }
}
