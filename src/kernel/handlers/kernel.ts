import type { Executor } from "../executor/index.js";
import type { Language } from "../language/index.js";
import type { CellBook } from "./cellBook.js";
import type { History } from "./history.js";
import type { Session } from "./session.js";

/** What the handlers of one kernel share. */
export interface Kernel {
  /** The notebook's folder. */
  readonly folder: string;
  readonly session: Session;
  readonly executor: Executor;
  /** Resolves when the type checker is there; requests that need it wait. */
  readonly language: Promise<Language>;
  readonly cells: CellBook;
  readonly history: History;
  /** Number of the latest cell, 1 for the first. */
  executionCount: number;
  /** The cell that is being converted or run. */
  execution: { interrupted: boolean } | undefined;
  /** Ends the kernel once the present request is answered. */
  shutdown(): void;
}
