import type { Worker } from "node:worker_threads";
import { startWorker } from "../../check/index.js";
import type { Cells } from "./cells.js";
import type { Completeness, Completion, Conversion, Inspection, Language } from "./types.js";
import type { Answer, Call } from "./worker.js";

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Starts TypeScript for one notebook in a thread of its own, so that the caller's sockets never wait for the type
 * checker. Calls made before it is ready wait (about 2 s). If the thread dies or tslab fails, the call in hand is
 * rejected with one line, and a new thread goes on with everything that was committed.
 *
 * @param options.folder the notebook's folder, absolute: imports are resolved from here
 */
export async function createLanguage({ folder }: { folder: string }): Promise<Language> {
  const thread = new LanguageThread(folder);
  let declarations = "";
  let resets = 0;
  return {
    async convert(code, { after, signal } = {}) {
      const answer = thread.call("convert", after?.declarations ?? declarations, code);
      return (await thread.orRestart(answer, signal)) as Conversion;
    },
    commit(conversion) {
      const before = declarations;
      if (conversion.ok) declarations = conversion.declarations;
      const era = resets;
      return async (names) => {
        if (names.length === 0 || era !== resets) return;
        const now = declarations;
        const left = (await thread.call("withdraw", now, before, names)) as string;
        // Should something have been declared meanwhile, the names stay.
        if (declarations === now) declarations = left;
      };
    },
    complete: (code, cursor) => thread.call("complete", declarations, code, cursor) as Promise<Completion>,
    inspect: (code, cursor, detail = 0, cells = []) =>
      thread.call("inspect", declarations, code, cursor, detail, cells) as Promise<Inspection | undefined>,
    isComplete: (code) => thread.call("isComplete", code) as Promise<Completeness>,
    variableTypes: () => thread.call("variableTypes", declarations) as Promise<Record<string, string>>,
    async toExpression(code, variables, hidden) {
      const made = await thread.call("toExpression", declarations, code, variables, hidden);
      const { expression, problem } = made as { expression?: string; problem?: string };
      if (expression === undefined) throw new SyntaxError(`evaluate: ${problem} in "${code}"`);
      return expression;
    },
    declare(name) {
      declarations += `\ndeclare let ${name}: any;\n`;
    },
    reset() {
      resets++;
      declarations = "";
    },
    close: () => thread.close(),
  };
}

/** How long a check may take to end after it was interrupted, ms: to start afresh takes about as long. */
const patience = 2000;

/** One worker at a time, and the calls it still owes an answer. */
class LanguageThread {
  readonly #folder: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #calls = 0;
  #closed = false;

  constructor(folder: string) {
    this.#folder = folder;
    this.#worker = this.#start();
  }

  call(method: keyof Cells, ...given: unknown[]): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error("language: closed"));
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      worker.postMessage({ id, method, given } satisfies Call);
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /** The answer, unless it takes longer than that after `signal` was aborted; then the thread is started afresh. */
  async orRestart(answer: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => {
      timer = setTimeout(() => this.#restart("is started afresh, because the check was interrupted"), patience);
    };
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  close(): void {
    this.#closed = true;
    this.#drop(this.#worker, "closed");
  }

  #start(): Worker {
    const worker = startWorker(new URL("./worker.js", import.meta.url), { folder: this.#folder });
    worker.on("message", (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ("result" in answer) {
        waiting?.resolve(answer.result);
        return;
      }
      waiting?.reject(new Error(oneLine(`TypeScript failed on this cell (${answer.error}); it is started afresh`)));
      // tslab's program may be half updated now.
      if (worker === this.#worker) this.#restart("is started afresh");
    });
    worker.on("error", (error) => this.#drop(worker, `stopped (${error.message}); the next cell starts it again`));
    worker.on("exit", (code) => this.#drop(worker, `stopped with code ${code}; the next cell starts it again`));
    return worker;
  }

  #restart(why: string): void {
    this.#drop(this.#worker, why);
    if (!this.#closed) this.#worker = this.#start();
  }

  /** Ends a worker and rejects the calls that wait for it; does nothing when it was replaced before. */
  #drop(worker: Worker | undefined, why: string): void {
    if (!worker || worker !== this.#worker) return;
    this.#worker = undefined;
    void worker.terminate();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Error(oneLine(`the TypeScript thread ${why}`)));
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
