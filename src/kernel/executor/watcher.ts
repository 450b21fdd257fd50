import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { watcherDescriptor } from "./protocol.js";

/**
 * Worker thread of the child. It owns a pipe from the parent, so that it hears of an interrupt while the main thread
 * is in a loop, and stops that loop through the inspector. What it stops can catch nothing and never settles; the
 * message to the main thread makes it give the cell up.
 */
const runningId: Int32Array = workerData;
const commands = new Socket({ fd: watcherDescriptor, readable: true, writable: false });
commands.setEncoding("latin1");
commands.on("data", (ids: string) => {
  for (const id of ids.trim().split("\n")) terminate(Number(id));
});

// The parent is gone. The main thread leaves by itself unless it is in a loop.
commands.on("close", () => setTimeout(() => process.kill(process.pid, "SIGKILL"), 1000));

function terminate(cell: number): void {
  // It may have ended while the command was under way, and the next one must not suffer for it.
  if (Atomics.load(runningId, 0) !== cell) return;
  // Connected only for the moment: a process with an inspector session waits for it when it exits, and says so.
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => {
    session.disconnect();
    parentPort?.postMessage(cell);
  });
}
