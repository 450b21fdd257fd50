import type { SourceMap } from "../language/index.js";
import type { Header } from "../wire/index.js";

/** What has to be remembered of a cell that ran, for its late output and for errors in its functions. */
export interface CellRecord {
  readonly id: number;
  /** As in the prompt: `[3]`. */
  readonly number: number;
  readonly fileName: string;
  readonly code: string;
  readonly sourceMap: SourceMap;
  readonly request: Header;
  /** Shows nothing of its own accord. */
  readonly silent: boolean;
}

/** A local file that cells import. */
export interface SideFile {
  readonly path: string;
  readonly sourceMap: SourceMap;
}

/** All cells that ran, and the local files they brought along. */
export class CellBook {
  readonly #byId = new Map<number, CellRecord>();
  readonly #byFile = new Map<string, CellRecord>();
  readonly #sideFiles = new Map<string, SideFile>();
  #nextId = 1;

  add(cell: Omit<CellRecord, "id">): CellRecord {
    const record = { id: this.#nextId++, ...cell };
    this.#byId.set(record.id, record);
    this.#byFile.set(record.fileName, record);
    return record;
  }

  addFiles(files: readonly SideFile[]): void {
    for (const file of files) this.#sideFiles.set(file.path, file);
  }

  /** The cell with this id; for unknown ids the latest. */
  byId(id: number): CellRecord | undefined {
    return this.#byId.get(id) ?? this.#byId.get(this.#nextId - 1);
  }

  /** The latest cell that ran under this name. */
  byFile(fileName: string): CellRecord | undefined {
    return this.#byFile.get(fileName);
  }

  sideFile(path: string): SideFile | undefined {
    return this.#sideFiles.get(path);
  }
}
