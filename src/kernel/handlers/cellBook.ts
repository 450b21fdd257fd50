import type { Request } from "./request.js";

/** What has to be remembered of a cell that ran, for its late output and for errors in its functions. */
export interface CellRecord {
  readonly id: number;
  /** As in the prompt: `[3]`. */
  readonly number: number;
  readonly fileName: string;
  readonly code: string;
  readonly request: Request;
  /** Shows nothing of its own accord. */
  readonly silent: boolean;
}

/** In so many of the latest cells a source is looked for. */
const mostCodes = 500;

/** All cells that ran. */
export class CellBook {
  readonly #byId = new Map<number, CellRecord>();
  readonly #byFile = new Map<string, CellRecord>();
  #nextId = 1;

  add(cell: Omit<CellRecord, "id">): CellRecord {
    const record = { id: this.#nextId++, ...cell };
    this.#byId.set(record.id, record);
    this.#byFile.set(record.fileName, record);
    return record;
  }

  /** The cell with this id; for unknown ids the latest. */
  byId(id: number): CellRecord | undefined {
    return this.#byId.get(id) ?? this.#byId.get(this.#nextId - 1);
  }

  /** A file name that no cell has had: functions of earlier cells must keep theirs. */
  freshName(nameOf: (run: number) => string): string {
    for (let run = 1; ; run++) {
      const name = nameOf(run);
      if (!this.#byFile.has(name)) return name;
    }
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
}
