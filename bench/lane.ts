import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";

/** How a lane's process is started. */
export interface LaneCommand {
  /** In messages, such as `PyTorch`. */
  readonly title: string;
  readonly program: string;
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** A case that a lane cannot do, such as bfloat16 on an engine without it; its row is left out with this reason. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}

/**
 * A process that measures on request: one JSON object per line on its standard input, one reply per line on its file
 * descriptor 3 (libraries may print to standard output). It stays alive, so that libraries are loaded and caches are
 * warm, and it ends when its input does.
 */
export class Lane {
  readonly #title: string;
  readonly #child: ChildProcess;
  readonly #replies: Interface;
  readonly #ended: Promise<unknown>;
  #printed = "";

  constructor({ title, program, words, env }: LaneCommand) {
    this.#title = title;
    // A process group of its own: Ctrl-C reaches us alone, and `stop` ends what the process has started, too.
    this.#child = spawn(program, words, { env, detached: true, stdio: ["pipe", "pipe", "pipe", "pipe"] });
    this.#ended = once(this.#child, "close").catch((error: Error) => error);
    const [input, output, errors, replies] = this.#child.stdio;
    this.#replies = createInterface({ input: replies as Readable });
    input?.on("error", () => undefined); // a process that is gone; `ask` says so
    for (const stream of [output, errors]) {
      (stream as Readable).on("data", (part: Buffer) => {
        this.#printed = (this.#printed + part.toString()).slice(-4000);
      });
    }
  }

  /**
   * Sends a request and waits for its reply.
   *
   * @throws Unsupported where the process says that it cannot do it
   * @throws Error `PyTorch: <what the process says>`, or how it ended
   */
  async ask<Reply>(request: Readonly<Record<string, unknown>>): Promise<Reply> {
    const line = once(this.#replies, "line").catch((error: Error) => [error]);
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const [text] = await Promise.race([line, this.#ended.then(() => [undefined])]);
    if (typeof text !== "string") throw new Error(`${this.#title} ended: ${await this.#lastWords()}`);
    const reply = JSON.parse(text) as Reply & { error?: string; unsupported?: string };
    if (reply.unsupported !== undefined) throw new Unsupported(reply.unsupported);
    if (reply.error !== undefined) throw new Error(`${this.#title}: ${reply.error}`);
    return reply;
  }

  /** Ends the process and all that it started, at once. */
  async stop(): Promise<void> {
    if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      process.kill(-this.#child.pid, "SIGKILL");
    }
    await this.#ended;
  }

  async #lastWords(): Promise<string> {
    const failure = await this.#ended;
    if (failure instanceof Error) return failure.message;
    const lines = this.#printed.trim().split("\n");
    const line = lines.findLast((text) => /\w*Error: /.test(text)) ?? lines.at(-1);
    return line || `status ${this.#child.exitCode ?? this.#child.signalCode}`;
  }
}
