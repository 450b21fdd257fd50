import { setTimeout } from "node:timers/promises";
import type { JsonObject } from "../wire/index.js";
import type { Request } from "./request.js";

/** "Run all" sends its cells in one go; this long they may take to arrive before one that failed is answered, ms. */
const patience = 10;

/** What a queue does with its requests. */
export interface ExecuteQueueOptions {
  /** Runs one and answers it, after `beforeReply` was called with the answer. */
  run(request: Request, beforeReply: (reply: JsonObject | undefined) => Promise<void>): Promise<void>;
  /** Tells one that it is not run. */
  abort(request: Request): Promise<void>;
}

/** Runs requests one after the other; when a cell fails, those that wait behind it are told so instead of being run. */
export class ExecuteQueue {
  readonly #options: ExecuteQueueOptions;
  #waiting: Request[] = [];
  #running = false;

  constructor(options: ExecuteQueueOptions) {
    this.#options = options;
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

  /** Tells those that wait that they will not be run. */
  async abort(requests: readonly Request[] = this.#waiting.splice(0)): Promise<void> {
    for (const request of requests) await this.#options.abort(request);
  }

  async #run(request: Request): Promise<void> {
    let skipped: Request[] = [];
    await this.#options.run(request, async (reply) => {
      const failed = reply?.["status"] === "error" && request.message.content["stop_on_error"] !== false;
      if (!failed) return;
      await setTimeout(patience);
      // Before the reply is sent: what a client sends after it has seen the failure is meant to run.
      skipped = this.#waiting.splice(0);
    });
    await this.abort(skipped);
  }
}
