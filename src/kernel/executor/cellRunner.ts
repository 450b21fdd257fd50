import { dirname } from "node:path";
import { constants, Script } from "node:vm";
import { displaysSettled, type MimeBundle, setCurrentCell, toMimeBundle } from "../../display/index.js";
import { cellContext } from "./cellSink.js";
import { type CellState, newCellState, setCausingCell } from "./cellState.js";
import { CellModules } from "./modules.js";
import type { CellCode, Outcome } from "./protocol.js";
import { rawError } from "./rawError.js";
import { clearTimersOf } from "./timers.js";
import { createVariables } from "./variables.js";

type CellFunction = (...parameters: unknown[]) => Promise<void>;

/** Runs cells one after the other, and stops them. */
export class CellRunner {
  readonly #variables = createVariables();
  readonly #modules = new CellModules();
  readonly #require: NodeJS.Require;
  readonly #runningId: Int32Array;
  #state: CellState | undefined;
  #giveUp: (() => void) | undefined;

  /**
   * @param folder where cells find their modules
   * @param runningId shared with the watcher thread: the running cell while it may be terminated, else 0
   */
  constructor(folder: string, runningId: Int32Array) {
    this.#runningId = runningId;
    this.#require = this.#modules.requireFrom(folder);
  }

  /** Runs one cell to its end, or until it is given up. Never rejects. */
  async run(cell: CellCode): Promise<Outcome> {
    const state = newCellState(cell.id, cell.key);
    const givenUp = new Promise<"given up">((resolve) => {
      this.#giveUp = () => resolve("given up");
    });
    this.#state = state;
    Atomics.store(this.#runningId, 0, cell.id);
    setCausingCell(state);
    setCurrentCell(cellContext(state));
    try {
      const ended = await Promise.race([this.#evaluate(cell), givenUp]);
      if (ended === "given up") return { status: "interrupted" };
      const result = Object.keys(ended).length > 0 ? ended : undefined;
      return { status: state.abort.signal.aborted ? "interrupted" : "ok", result };
    } catch (error) {
      if (state.abort.signal.aborted) return { status: "interrupted" };
      return { status: "error", error: rawError(error) };
    } finally {
      Atomics.store(this.#runningId, 0, 0);
      this.#state = undefined;
      this.#giveUp = undefined;
    }
  }

  /** Aborts this cell's signal, if it still runs; one that has not asked for it is given up at once. */
  interrupt(cell: number): void {
    const state = this.#state;
    if (state?.id !== cell) return;
    if (state.listens) state.abort.abort(new Error("the cell was interrupted"));
    else this.abandon(cell);
  }

  /** Gives up this cell, if it still runs, whatever it is waiting for. */
  abandon(cell: number): void {
    const state = this.#state;
    if (state?.id !== cell) return;
    // From here on our own code runs, which must not be terminated.
    Atomics.store(this.#runningId, 0, 0);
    clearTimersOf(state);
    state.abort.abort(new Error("the cell was interrupted"));
    this.#giveUp?.();
  }

  async #evaluate(cell: CellCode): Promise<MimeBundle> {
    // A cell that is terminated takes its callers on the stack with it; from here on there are none of ours.
    await null;
    await this.#start(cell);
    if (cell.lastExpression === undefined) return settled({});
    // A promise is waited for, so that a forgotten `await` still shows the value, or the error.
    const value = await this.#variables[cell.lastExpression];
    delete this.#variables[cell.lastExpression];
    return settled(isDisplayHandle(value) ? {} : await toMimeBundle(value));
  }

  #start({ javascript, fileName, sideModules }: CellCode): Promise<unknown> {
    this.#modules.add(sideModules);
    const script = new Script(
      `(async function (exports, require, module, __filename, __dirname) {\n${javascript}\n})`,
      {
        filename: fileName,
        lineOffset: -1,
        importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      },
    );
    const body = script.runInThisContext() as CellFunction;
    const module = { exports: this.#variables, filename: fileName, require: this.#require };
    return body(this.#variables, this.#require, module, fileName, dirname(fileName));
  }
}

/** What the cell has put on show without waiting for it belongs before its end. */
async function settled(bundle: MimeBundle): Promise<MimeBundle> {
  await displaysSettled();
  return bundle;
}

/** A handle's value is on show already. */
function isDisplayHandle(value: unknown): boolean {
  const { displayId, update } = (value ?? {}) as { displayId?: unknown; update?: unknown };
  return typeof displayId === "string" && typeof update === "function";
}
