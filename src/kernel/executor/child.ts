import { Worker } from "node:worker_threads";
import { captureStreams } from "./capture.js";
import { CellRunner } from "./cellRunner.js";
import { sendEvent, sendOutput, writeAll } from "./events.js";
import { type Command, endMark } from "./protocol.js";
import { rawError } from "./rawError.js";
import { tieTimersToCells } from "./timers.js";

/** The process that runs the cells; started by `ChildProcess`, and gone when its parent is. */
const runningId = new Int32Array(new SharedArrayBuffer(4));
const runner = new CellRunner(process.cwd(), runningId);

// Library frames would otherwise push the cell's own out of the stack.
Error.stackTraceLimit = 60;
captureStreams();
tieTimersToCells();

const watcher = new Worker(new URL("./watcher.js", import.meta.url), {
  workerData: runningId,
  stdout: true,
  stderr: true,
});
watcher.unref();
watcher.on("message", (cell: number) => runner.abandon(cell));

// Interrupts come as commands, which name their cell; Ctrl-C in a terminal goes to the whole process group.
process.on("SIGINT", () => undefined);
process.on("uncaughtException", (error) => sendOutput({ type: "uncaught", error: rawError(error) }));
process.on("unhandledRejection", (reason) => sendOutput({ type: "uncaught", error: rawError(reason) }));
process.on("disconnect", () => process.exit());
process.on("message", (command: Command) => {
  if (command.type === "run") void run(command.cell);
  else runner[command.type](command.cell);
});

async function run(cell: Extract<Command, { type: "run" }>["cell"]): Promise<void> {
  const outcome = await runner.run(cell);
  for (const descriptor of [1, 2]) writeAll(descriptor, Buffer.from(endMark(cell.id)));
  sendEvent({ type: "done", cell: cell.id, outcome });
}

sendEvent({ type: "ready" });
