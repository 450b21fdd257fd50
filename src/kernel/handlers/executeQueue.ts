import { setImmediate } from "node:timers/promises";
import { dispatch } from "./dispatch.js";
import { errorReply } from "./errorContent.js";
import type { Handler } from "./handler.js";
import type { Kernel } from "./kernel.js";
import type { Request } from "./request.js";

/** Runs requests one after the other; when a cell fails, those that wait behind it are told so instead of being run. */
export class ExecuteQueue {
  readonly #kernel: Kernel;
  readonly #handler: Handler;
  #waiting: Request[] = [];
  #running = false;

  constructor(kernel: Kernel, handler: Handler) {
    this.#kernel = kernel;
    this.#handler = handler;
  }

  async add(request: Request): Promise<void> {
    this.#waiting.push(request);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await this.#run(next);
    } finally {
      this.#running = false;
    }
  }

  async #run(request: Request): Promise<void> {
    let failed = false;
    await dispatch(request, this.#kernel, async (...given) => {
      const reply = await this.#handler(...given);
      failed = reply?.["status"] === "error" && request.message.content["stop_on_error"] !== false;
      return reply;
    });
    if (!failed) return;
    // "Run all" sends its cells in one go; those that have arrived are taken from the socket first.
    await setImmediate();
    for (const skipped of this.#waiting.splice(0)) await dispatch(skipped, this.#kernel, abort);
  }
}

/** Status `aborted` is deprecated since messaging 5.1. */
async function abort(_request: Request, kernel: Kernel) {
  const reply = errorReply("Aborted", "not run, because a cell before it failed");
  return { ...reply, execution_count: kernel.executionCount };
}
