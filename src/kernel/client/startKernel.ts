import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type JsonObject, makeHeader } from "../wire/index.js";
import { Channels } from "./channels.js";
import { createConnectionFile } from "./connectionFile.js";
import type { Execution } from "./execution.js";
import { KernelClient } from "./kernelClient.js";
import { spawnKernel, telling } from "./kernelProcess.js";

/** The kernel of this package, run by the Node that runs us. */
const ownKernel = [
  process.execPath,
  fileURLToPath(new URL("../../cli/main.js", import.meta.url)),
  "kernel",
  "--connection-file",
  "{connection_file}",
];

/** Options of {@link startKernel}. */
export interface StartKernelOptions {
  /** Folder the kernel runs in; default: the current one. */
  readonly cwd?: string;
  /** Its environment; default: ours. */
  readonly env?: NodeJS.ProcessEnv;
  /** Program and arguments, `{connection_file}` standing for the file's path as in a kernelspec; default: our kernel. */
  readonly command?: readonly string[];
  /** Seconds the kernel has to answer; default 60. */
  readonly startTimeout?: number;
  /** Gives up, and ends the kernel, when aborted before it has answered. */
  readonly signal?: AbortSignal;
}

/** The kernel's process ended by itself. The message is one line; `tail` is the last it wrote outside the protocol. */
export class KernelDied extends Error {
  override readonly name = "KernelDied";
  readonly tail: string;

  constructor(reason: string, tail: string) {
    const lastWords = telling(tail);
    super(`kernel: it died (${reason})${lastWords ? `; it last said: ${lastWords}` : ""}`);
    this.tail = tail;
  }
}

/**
 * Starts a kernel and resolves when it has answered and what it publishes reaches us.
 *
 * @throws KernelDied `kernel: it died (exit code 1); it last said: …`
 * @throws Error `kernel: no answer within 60 s`
 */
export async function startKernel(options: StartKernelOptions = {}): Promise<KernelClient> {
  const { cwd = process.cwd(), env = process.env, command = ownKernel, startTimeout = 60, signal } = options;
  const file = await createConnectionFile(command === ownKernel);
  const session = randomUUID();
  const executions = new Map<string, Execution>();
  let heard = false;
  const channels = new Channels(file.connection, session, (message) => {
    heard = true;
    const parent = message.parentHeader.msg_id;
    if (parent !== undefined) executions.get(parent)?.receive(message);
  });
  const argv = command.map((word) => word.replace("{connection_file}", file.path));
  const kernel = spawnKernel(argv, cwd, env);
  void kernel.ended.then((reason) => channels.fail(new KernelDied(reason, kernel.tail())));
  const release = async () => {
    channels.close();
    await file.remove();
  };
  try {
    const info = await withinTime(channels, startTimeout, signal, () => greet(channels, session, () => heard));
    return new KernelClient({ info, channels, process: kernel, session, executions, release });
  } catch (error) {
    kernel.kill();
    await kernel.ended;
    await release();
    throw error;
  }
}

/** Asks who is there until the answer has come and IOPub, whose subscription takes its own time, was heard as well. */
async function greet(channels: Channels, session: string, heard: () => boolean): Promise<JsonObject> {
  for (;;) {
    const reply = await channels.request("shell", makeHeader("kernel_info_request", session), {});
    if (!heard()) await sleep(50);
    if (heard()) return reply.content;
  }
}

async function withinTime<T>(
  channels: Channels,
  seconds: number,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setTimeout(() => channels.fail(new Error(`kernel: no answer within ${seconds} s`)), seconds * 1000);
  const abort = () => channels.fail(new Error("kernel: its start was stopped"));
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
