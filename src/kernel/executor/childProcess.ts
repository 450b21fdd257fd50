import { fork, type ChildProcess as NodeChild } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Inspector } from "./inspector.js";
import { NativeOutput, type NativeText } from "./nativeOutput.js";
import { signalGroup } from "./processGroup.js";
import {
  type Command,
  type Event,
  eventDescriptor,
  type WatcherCommand,
  type WatcherEvent,
  watcherDescriptor,
} from "./protocol.js";

const childMain = fileURLToPath(new URL("./child.js", import.meta.url));

/** How long the last output of a process that has ended may take, ms. */
const drainTime = 300;

/** What a child process tells. */
export interface ChildListener {
  /** @param size of the event as it came, UTF-16 units */
  onEvent(event: Event, size: number): void;
  /** Printed by native code or by a program that the cell has started. */
  onNativeOutput(output: NativeText): void;
  /** Once; nothing follows. `reason` is a clause, such as `exited with code 3`. */
  onExit(reason: string): void;
}

/** One process that runs cells, seen from the parent. */
export class ChildProcess {
  readonly inspector = new Inspector((command) => this.#tellWatcher(command));
  readonly #process: NodeChild;
  readonly #watcher: Writable;
  readonly #native: readonly NativeOutput[];
  readonly #output: readonly Readable[];

  /** @param folder the notebook's folder, where the cells run */
  constructor(folder: string, listener: ChildListener) {
    const stdio: ("ignore" | "pipe" | "ipc")[] = ["ignore", "pipe", "pipe", "ipc"];
    stdio[watcherDescriptor] = "pipe";
    stdio[eventDescriptor] = "pipe";
    // Users import ES modules by `require`, which Node 20 calls experimental. The checks of async hooks would abort the
    // process when a loop that follows a timer is stopped. `import.meta.resolve` is to be that of a cell.
    const execArgv = [
      "--disable-warning=ExperimentalWarning",
      "--no-force-async-hooks-checks",
      "--experimental-import-meta-resolve",
    ];
    // `detached`: with the programs that it starts it is a group of processes, which can be reached together.
    this.#process = fork(childMain, [], { cwd: folder, execArgv, stdio, serialization: "advanced", detached: true });
    const { stdout, stderr, stdio: pipes } = this.#process;
    this.#native = [
      new NativeOutput("stdout", stdout as Readable, listener.onNativeOutput),
      new NativeOutput("stderr", stderr as Readable, listener.onNativeOutput),
    ];
    const pipe = (descriptor: number) =>
      (pipes as unknown as (Readable & Writable)[])[descriptor] as Readable & Writable;
    const watcher = pipe(watcherDescriptor);
    this.#watcher = watcher;
    const other = (line: string) => listener.onNativeOutput({ type: "stream", name: "stderr", text: `${line}\n` });
    readObjects<WatcherEvent>(watcher, (event) => this.inspector.take(event), other);
    this.#output = [stdout as Readable, stderr as Readable, pipe(eventDescriptor)];
    readObjects<Event>(pipe(eventDescriptor), (event, size) => listener.onEvent(event, size), other);
    // A write to a child that has just died fails here; its exit says so.
    this.#watcher.on("error", () => undefined);
    this.#process.on("error", (error) => listener.onExit(`could not be started (${error.message})`));
    this.#process.on("exit", (code, signal) => {
      signalGroup(this.#process.pid, "SIGKILL");
      // What it printed last is still in the pipes, which a program that it has started may keep open.
      const timer = setTimeout(() => this.#process.emit("close"), drainTime);
      this.#process.once("close", () => {
        clearTimeout(timer);
        this.inspector.close();
        listener.onExit(describeExit(code, signal));
      });
    });
  }

  send(command: Command): void {
    if (this.#process.connected) this.#process.send(command, () => undefined);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Has the watcher thread stop whatever JavaScript runs on the main thread, unless this cell has ended. */
  terminate(cell: number): void {
    this.#tellWatcher({ type: "terminate", cell });
  }

  /** Reads no output for now: pipes fill, and whoever writes to them waits. */
  pause(): void {
    for (const stream of this.#output) stream.pause();
  }

  resume(): void {
    for (const stream of this.#output) stream.resume();
  }

  /** Interrupts the programs that the cells have started and that still run, as Ctrl-C in a terminal does. */
  interruptPrograms(): void {
    signalGroup(this.#process.pid, "SIGINT");
  }

  /** Ends the process and the programs that it has started. */
  kill(): void {
    this.#process.kill("SIGKILL");
    signalGroup(this.#process.pid, "SIGKILL");
  }

  /** Resolves when all that was printed natively before the end of the cell has been passed on. */
  async nativeOutputRead(cell: number): Promise<void> {
    await Promise.all(this.#native.map((output) => output.until(cell)));
  }

  #tellWatcher(command: WatcherCommand): void {
    this.#watcher.write(`${JSON.stringify(command)}\n`);
  }

  /** Ends the process; it gets a second to leave by itself. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const left = new Promise((resolve) => this.#process.once("exit", resolve));
    if (this.#process.connected) this.#process.disconnect();
    const timer = setTimeout(() => this.kill(), 1000);
    await left;
    clearTimeout(timer);
  }
}

/** Reads an object per line. The pipes are open to the cells, too: what is no object, a cell has written there. */
function readObjects<T>(
  stream: Readable,
  take: (object: T, size: number) => void,
  other: (line: string) => void,
): void {
  readLines(stream, (line) => {
    let object: T;
    try {
      object = JSON.parse(line);
    } catch {
      other(line);
      return;
    }
    if (typeof object === "object" && object !== null) take(object, line.length);
    else other(line);
  });
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let parts: string[] = [];
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = text.split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      onLine(parts.join("") + line);
      parts = [];
    }
    if (last) parts.push(last);
  });
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "was killed by SIGKILL (by the cell itself, or because memory ran out)";
  if (signal === "SIGABRT") return "was aborted (SIGABRT; see its error output, often memory that ran out)";
  return signal ? `was ended by ${signal}` : `exited with code ${code}`;
}
