import type { Message } from "../wire/index.js";
import { errorOf, type KernelError, type KernelOutput, outputOf } from "./output.js";

/** When the stages of an execution were reported, ISO 8601; names as nbclient's in `metadata.execution`. */
export interface ExecutionTimes {
  "iopub.status.busy"?: string;
  "iopub.execute_input"?: string;
  "shell.execute_reply"?: string;
  "iopub.status.idle"?: string;
}

/** How a cell ended. */
export interface ExecuteResult {
  /** `aborted`: not run, because a cell queued before it failed. */
  readonly status: "ok" | "error" | "aborted";
  /** Number of the execution, or `null` if the kernel gave none. */
  readonly executionCount: number | null;
  readonly error?: KernelError;
  readonly times: ExecutionTimes;
}

/** One execute request on its way: passes on its outputs and knows when the last one has come. */
export class Execution {
  readonly times: ExecutionTimes = {};
  readonly #onOutput: (output: KernelOutput) => void;
  #executionCount: number | null = null;
  #finish!: () => void;
  /** Resolves at `idle`: by the protocol no output of this request comes later, unless code runs on behind it. */
  readonly idle = new Promise<void>((resolve) => {
    this.#finish = resolve;
  });

  constructor(onOutput: (output: KernelOutput) => void) {
    this.#onOutput = onOutput;
  }

  /** Takes a published message whose parent is this request. */
  receive(message: Message): void {
    const { header, content } = message;
    if (header.msg_type === "status") {
      if (content["execution_state"] === "busy") this.times["iopub.status.busy"] ??= header.date;
      if (content["execution_state"] !== "idle") return;
      this.times["iopub.status.idle"] ??= header.date;
      this.#finish();
    } else if (header.msg_type === "execute_input") {
      this.times["iopub.execute_input"] ??= header.date;
      this.#executionCount = numberOrNull(content["execution_count"]);
    } else {
      const output = outputOf(message);
      if (output) this.#onOutput(output);
    }
  }

  /** The result, from the reply to the request. */
  result({ header, content }: Message): ExecuteResult {
    this.times["shell.execute_reply"] = header.date;
    const executionCount = numberOrNull(content["execution_count"]) ?? this.#executionCount;
    if (content["status"] === "ok") return { status: "ok", executionCount, times: this.times };
    if (content["status"] !== "error") return { status: "aborted", executionCount, times: this.times };
    return { status: "error", executionCount, error: errorOf(content), times: this.times };
  }
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
