import { Worker } from "node:worker_threads";
import { receiveComm, setCurrentCell, startWidgets } from "../../display/index.js";
import { captureStreams } from "./capture.js";
import { asCausedBy, causeOf, followCauses } from "./causes.js";
import { cellContext } from "./cellContext.js";
import { CellRunner } from "./cellRunner.js";
import { newCellState } from "./cellState.js";
import { sendEvent, sendOutput, writeAll } from "./events.js";
import { keepListeners } from "./keptListeners.js";
import { signalGroup } from "./processGroup.js";
import { type CellCode, type Command, endMark, noCell } from "./protocol.js";
import { takeAnswer } from "./questions.js";
import { rawError } from "./rawError.js";
import { RunningCells } from "./runningCells.js";
import { mapStackTraces } from "./stackTraces.js";
import { tieTimersToCells } from "./timers.js";

/** The process that runs the cells; started by `ChildProcess`, and gone when its parent is. */
const runningCells = new RunningCells();
/** How long the promises of a cell that was given up may go on, ms: most of them come to their end. */
const patience = 500;
const runner = new CellRunner(runningCells);

// Library frames would otherwise push the cell's own out of the stack.
Error.stackTraceLimit = 60;
mapStackTraces();
// Before the first cell comms may be opened already.
setCurrentCell(cellContext(newCellState({ id: noCell, key: "", allowStdin: false }), process.cwd()));
startWidgets();
captureStreams();
followCauses(endStubborn);
tieTimersToCells();

const watcher = new Worker(new URL("./watcher.js", import.meta.url), {
  workerData: runningCells.memory,
  stdout: true,
  stderr: true,
});
watcher.unref();
watcher.on("message", (cell: number) => runner.terminated(cell));

// Interrupts come as commands, which name their cell; Ctrl-C in a terminal goes to the whole process group.
process.on("SIGINT", () => undefined);
process.on("uncaughtException", (error) => showUncaught(error, error));
process.on("unhandledRejection", (reason, promise) => showUncaught(reason, promise));
process.on("disconnect", () => {
  // Last of all: the programs that the cells have started, and this one with them.
  process.on("exit", () => signalGroup(process.pid, "SIGKILL"));
  process.exit();
});
process.on("message", (command: Command) => obey(command));
keepListeners();

function obey(command: Command): void {
  // It comes when nothing else runs: what seems to was stopped, and the watcher's message is still under way.
  runner.endStopped();
  switch (command.type) {
    case "run":
      void run(command.cell);
      return;
    case "answer":
      takeAnswer(command.question, command.value);
      return;
    case "comm":
      receiveComm(command.message);
      return;
    case "variables":
      sendEvent({ type: "variables", request: command.request, variables: runner.variables() });
      return;
    case "reset":
      runner.reset();
      sendEvent({ type: "variables", request: command.request, variables: [] });
      return;
    case "ping":
      sendEvent({ type: "pong" });
      return;
    default:
      runner[command.type](command.cell);
      return;
  }
}

/**
 * A cell that was given up goes on in somebody else's code, where no `await` asks: it is stopped as a loop would be. That
 * takes what other promises were about to do with it, so a cell that runs comes first.
 */
function endStubborn(since: number): void {
  if (performance.now() - since < patience || runner.isBusy) return;
  watcher.postMessage("stop");
  for (;;);
}

/** Runs a cell and tells of its end, whatever the cell has done: without it the notebook would wait for ever. */
async function run(cell: CellCode): Promise<void> {
  const outcome = await runner.run(cell);
  for (const descriptor of [1, 2]) markEnd(descriptor, cell.id);
  try {
    sendEvent({ type: "done", cell: cell.id, outcome });
  } catch (error) {
    // Its value cannot be written as JSON: a BigInt or a circle in what it says of itself.
    sendEvent({ type: "done", cell: cell.id, outcome: { status: "error", error: rawError(error), unreached: [] } });
  }
}

/** The cell may have closed its standard output; the parent then waits for the mark no longer than it must. */
function markEnd(descriptor: number, cell: number): void {
  try {
    writeAll(descriptor, Buffer.from(endMark(cell)));
  } catch {
    // Closed by its number, or shut down.
  }
}

/** @param culprit the object that knows which cell it is of: the error itself, or the promise that was rejected */
function showUncaught(thrown: unknown, culprit: unknown): void {
  const cell = causeOf(culprit);
  const show = () => sendOutput({ type: "uncaught", error: rawError(thrown) });
  if (cell) asCausedBy(cell, show);
  else show();
}

sendEvent({ type: "ready" });
