import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort } from "node:worker_threads";
import { watcherDescriptor } from "./protocol.js";

/**
 * Worker thread of the child. It owns a pipe from the parent, so that it hears of an interrupt while the main thread
 * is in a loop, and stops that loop through the inspector. What it stops can catch nothing and never settles; the
 * message to the main thread makes it give the cell up.
 */
const commands = new Socket({ fd: watcherDescriptor, readable: true, writable: false });
commands.on("data", terminate);

// The parent is gone. The main thread leaves by itself unless it is in a loop.
commands.on("close", () => setTimeout(() => process.kill(process.pid, "SIGKILL"), 1000));

function terminate(): void {
  // Connected only for the moment: a process with an inspector session waits for it when it exits, and says so.
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => {
    session.disconnect();
    parentPort?.postMessage("terminated");
  });
}
