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

/** Where the little script that starts a cell finds it. */
const slot = Symbol.for("kontrast.start");
const globals = globalThis as { [slot]?: () => Promise<unknown> };
const starter = new Script('globalThis[Symbol.for("kontrast.start")]()', { filename: "kontrast-start.cjs" });

/** Runs cells one after the other, and stops them. */
export class CellRunner {
  readonly #variables = createVariables();
  readonly #modules = new CellModules();
  readonly #require: NodeJS.Require;
  #state: CellState | undefined;
  #giveUp: (() => void) | undefined;

  /** @param folder where cells find their modules */
  constructor(folder: string) {
    this.#require = this.#modules.requireFrom(folder);
  }

  /** Runs one cell to its end, or until it is given up. Never rejects. */
  async run(cell: CellCode): Promise<Outcome> {
    const state = newCellState(cell.id, cell.key);
    const givenUp = new Promise<"given up">((resolve) => {
      this.#giveUp = () => resolve("given up");
    });
    this.#state = state;
    setCausingCell(state);
    setCurrentCell(cellContext(state));
    try {
      const ended = await Promise.race([this.#evaluate(cell), givenUp]);
      if (ended === "given up") return { status: "interrupted" };
      const result = Object.keys(ended).length > 0 ? ended : undefined;
      return { status: state.abort.signal.aborted ? "interrupted" : "ok", result };
    } catch (error) {
      if (state.abort.signal.aborted || isSigint(error)) return { status: "interrupted" };
      return { status: "error", error: rawError(error) };
    } finally {
      this.#state = undefined;
      this.#giveUp = undefined;
    }
  }

  /** Aborts the running cell's signal; a cell that has not asked for it is given up at once. */
  interrupt(): void {
    this.#state?.abort.abort(new Error("the cell was interrupted"));
    if (!this.#state?.listens) this.abandon();
  }

  /** Gives the running cell up, whatever it is waiting for. */
  abandon(): void {
    if (!this.#state) return;
    clearTimersOf(this.#state);
    this.#state.abort.abort(new Error("the cell was interrupted"));
    this.#giveUp?.();
  }

  async #evaluate(cell: CellCode): Promise<MimeBundle> {
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
    globals[slot] = () => body(this.#variables, this.#require, module, fileName, dirname(fileName));
    try {
      // Called from a script of its own, because SIGINT breaks only what `runInThisContext` itself runs.
      return starter.runInThisContext({ breakOnSigint: true }) as Promise<unknown>;
    } finally {
      delete globals[slot];
    }
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

function isSigint(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}
