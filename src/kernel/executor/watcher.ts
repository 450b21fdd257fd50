import { Session } from "node:inspector";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { parentPort, workerData } from "node:worker_threads";
import { signalGroup } from "./processGroup.js";
import { noCell, type WatcherCommand, type WatcherEvent, watcherDescriptor } from "./protocol.js";
import { RunningCells } from "./runningCells.js";

/**
 * Worker thread of the child. It owns a pipe from the parent, so that it hears of an interrupt while the main thread
 * is in a loop, and stops that loop through the inspector. What it stops can catch nothing and never settles; the
 * message to the main thread makes it give the cell up. For a debugger it passes the inspector's messages on.
 */
const runningCells = new RunningCells(workerData);
const pipe = new Socket({ fd: watcherDescriptor });
createInterface({ input: pipe }).on("line", (line) => obey(JSON.parse(line)));
// The main thread wants to be stopped: it has run into the code of a cell that was given up, and waits in a loop.
parentPort?.on("message", () => terminate(noCell));

// The parent is gone. The main thread leaves by itself unless it is in a loop.
pipe.on("close", () => setTimeout(() => signalGroup(process.pid, "SIGKILL"), 1000));

let debugging: Session | undefined;
let isPaused = false;

function obey(command: WatcherCommand): void {
  if (command.type === "terminate") terminate(command.cell);
  else if (command.type === "detach") detach();
  else post(command.id, command.method, command.parameters);
}

function terminate(cell: number): void {
  // It may have ended while the command was under way, and the next one must not suffer for it.
  if (cell !== noCell && runningCells.hasEnded(cell)) return;
  // Connected only for the moment: a process with an inspector session waits for it when it exits, and says so.
  const session = debugging ?? connect();
  session.post("Runtime.terminateExecution", () => {
    if (session !== debugging) session.disconnect();
    parentPort?.postMessage(cell);
  });
  if (isPaused) session.post("Debugger.resume");
}

function post(id: number, method: string, parameters: object): void {
  debugging ??= connectDebugger();
  debugging.post(method, parameters, (error, result) =>
    // An error as JSON would lose its message.
    tell({ type: "reply", id, ...(error ? { error: error.message } : { result }) }),
  );
}

function connect(): Session {
  const session = new Session();
  session.connectToMainThread();
  return session;
}

function connectDebugger(): Session {
  const session = connect();
  session.on("inspectorNotification", ({ method, params }: { method: string; params?: object }) => {
    if (method === "Debugger.paused") isPaused = true;
    if (method === "Debugger.resumed") isPaused = false;
    tell({ type: "notification", method, parameters: params ?? {} });
  });
  return session;
}

function detach(): void {
  debugging?.disconnect();
  debugging = undefined;
  isPaused = false;
}

function tell(event: WatcherEvent): void {
  pipe.write(`${JSON.stringify(event)}\n`);
}
