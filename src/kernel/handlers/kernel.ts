import type { Debugger } from "../debugger/index.js";
import type { Executor } from "../executor/index.js";
import type { Language } from "../language/index.js";
import type { ConnectionInfo } from "../wire/index.js";
import type { CellBook } from "./cellBook.js";
import type { Comms } from "./comms.js";
import type { Questions } from "./questions.js";
import type { Session } from "./session.js";
import type { Shells } from "./shells.js";

/** A cell that is being converted or run. */
export interface Execution {
  readonly abort: AbortController;
}

/** What the handlers of one kernel share. */
export interface Kernel {
  /** The notebook's folder. */
  readonly folder: string;
  readonly connection: ConnectionInfo;
  readonly session: Session;
  readonly executor: Executor;
  /** Resolves when the type checker is there; requests that need it wait. */
  readonly language: Promise<Language>;
  readonly cells: CellBook;
  readonly shells: Shells;
  readonly comms: Comms;
  readonly questions: Questions;
  readonly debugger: Debugger;
  /** Cells that are being converted or run, of all shells. */
  readonly executions: Set<Execution>;
  /** Checks cells one after the other, also those of different shells: each sees what the one before declares. */
  prepareInTurn<T>(prepare: () => Promise<T>): Promise<T>;
  /** Ends the kernel once the present request is answered. */
  shutdown(): void;
}
