import { writeSync } from "node:fs";
import { causingCell } from "./causes.js";
import { type Event, eventDescriptor, type Output } from "./protocol.js";

/** Tells the parent something, before anything else happens: the main thread may never be idle again. */
export function sendEvent(event: Event): void {
  writeAll(eventDescriptor, Buffer.from(`${JSON.stringify(event)}\n`));
}

/** Shows something on behalf of the cell that caused it. */
export function sendOutput(output: Output): void {
  sendEvent({ type: "output", cell: causingCell()?.id ?? 0, output });
}

/** Writes everything, however often the pipe is full. */
export function writeAll(descriptor: number, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));
