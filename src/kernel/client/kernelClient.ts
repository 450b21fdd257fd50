import type { JsonObject, Message } from "../wire/index.js";
import { makeHeader } from "../wire/index.js";
import type { Channels } from "./channels.js";
import { type ExecuteResult, Execution } from "./execution.js";
import type { KernelProcess } from "./kernelProcess.js";
import type { KernelOutput } from "./output.js";

/** Seconds that a kernel has to end after it was asked to; then it is killed. */
const shutdownGrace = 5;

/** A running kernel, seen from the client. One execution at a time is the caller's duty; the kernel queues others. */
export class KernelClient {
  /** The kernel's answer to `kernel_info_request`. */
  readonly info: JsonObject;
  readonly #channels: Channels;
  readonly #process: KernelProcess;
  readonly #session: string;
  readonly #executions: Map<string, Execution>;
  readonly #release: () => Promise<void>;

  constructor(parts: {
    info: JsonObject;
    channels: Channels;
    process: KernelProcess;
    session: string;
    executions: Map<string, Execution>;
    release: () => Promise<void>;
  }) {
    this.info = parts.info;
    this.#channels = parts.channels;
    this.#process = parts.process;
    this.#session = parts.session;
    this.#executions = parts.executions;
    this.#release = parts.release;
  }

  /**
   * Runs code and resolves when the reply and the last output are there.
   *
   * @param options.onOutput called for each output, in order; also for what code left running sends later
   * @throws KernelDied at once when the kernel's process ends
   */
  async execute(code: string, options: { onOutput?: (output: KernelOutput) => void } = {}): Promise<ExecuteResult> {
    const { onOutput = () => undefined } = options;
    const header = makeHeader("execute_request", this.#session);
    const execution = new Execution(onOutput);
    this.#executions.set(header.msg_id, execution);
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    const reply = await this.#channels.request("shell", header, content);
    await Promise.race([execution.idle, this.#channels.failed]);
    return execution.result(reply);
  }

  /** Asks the kernel to stop the running code; resolves when it says that it has heard. */
  async interrupt(): Promise<void> {
    await this.#control("interrupt_request", {});
  }

  /** Ends the kernel, by force if it has not gone after 5 s, and frees all it used. Safe to call again. */
  async shutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, shutdownGrace * 1000);
    });
    // A kernel that is dead already refuses the request; all that matters here is that it ends.
    this.#control("shutdown_request", { restart: false }).catch(() => undefined);
    await Promise.race([this.#process.ended, patience]);
    clearTimeout(timer);
    await this.kill();
  }

  /** Ends the kernel by force, at once, and frees all it used. */
  async kill(): Promise<void> {
    this.#process.kill();
    await this.#process.ended;
    await this.#release();
  }

  #control(type: string, content: JsonObject): Promise<Message> {
    return this.#channels.request("control", makeHeader(type, this.#session), content);
  }
}
