import { randomUUID } from "node:crypto";
import type { Header } from "../wire/index.js";
import type { ExecuteQueue } from "./executeQueue.js";
import { History } from "./history.js";
import type { HistoryStore } from "./historyStore.js";

/** A sequence of cells with their own numbers and history: the main shell, or a subshell beside it (JEP 91). */
export interface Shell {
  /** `undefined` is the main shell. */
  readonly id: string | undefined;
  readonly history: History;
  readonly queue: ExecuteQueue;
  /** Number of the latest cell, 1 for the first. */
  executionCount: number;
}

/** The main shell and the subshells of a kernel. */
export class Shells {
  readonly main: Shell;
  readonly #byId = new Map<string, Shell>();
  readonly #store: HistoryStore;
  readonly #newQueue: () => ExecuteQueue;

  /** @param newQueue runs the cells of one shell one after the other */
  constructor(store: HistoryStore, newQueue: () => ExecuteQueue) {
    this.#store = store;
    this.#newQueue = newQueue;
    this.main = this.#create(undefined);
  }

  /** Ids of the subshells. */
  get ids(): string[] {
    return [...this.#byId.keys()];
  }

  /**
   * The shell that a message is for.
   *
   * @throws RangeError `subshell_id: there is no subshell "x"`
   */
  of({ subshell_id: id }: Header): Shell {
    if (id === undefined || id === null) return this.main;
    const shell = this.#byId.get(String(id));
    if (!shell) throw new RangeError(`subshell_id: there is no subshell "${id}"`);
    return shell;
  }

  /** Number of the latest cell of a message's shell; also of one that is deleted by now. */
  countOf({ subshell_id: id }: Header): number {
    return (typeof id === "string" ? this.#byId.get(id) : this.main)?.executionCount ?? 0;
  }

  create(): Shell {
    const shell = this.#create(randomUUID());
    this.#byId.set(shell.id as string, shell);
    return shell;
  }

  /**
   * Its running cell goes on to its end; those that wait in it are told that they will not run.
   *
   * @throws RangeError as {@link of}
   */
  async delete(id: unknown): Promise<void> {
    const shell = this.of({ subshell_id: id ?? "" } as unknown as Header);
    this.#byId.delete(shell.id as string);
    await shell.queue.abort();
  }

  #create(id: string | undefined): Shell {
    return { id, history: new History(this.#store), queue: this.#newQueue(), executionCount: 0 };
  }
}
