import { writeSync } from "node:fs";
import { causingCell } from "./cellState.js";
import { type Event, eventDescriptor, type Output } from "./protocol.js";

/** Text waits until there is this much of it, UTF-16 units, … */
const enoughText = 16_384;
/** … or for this long, ms: so long lines of output make few messages, and a slow loop is still seen to move. */
const longEnough = 50;

interface Pending {
  cell: number;
  name: "stdout" | "stderr";
  parts: string[];
  length: number;
  since: number;
}
let pending: Pending | undefined;

/** Sends an event to the parent, after the text printed before it. */
export function sendEvent(event: Event): void {
  flushText();
  writeLine(event);
}

/** Shows something on behalf of the cell that caused it. */
export function sendOutput(output: Output): void {
  sendEvent({ type: "output", cell: causingCell()?.id ?? 0, output });
}

/** Prints text on behalf of the cell that caused it; neighbouring pieces travel together, in order. */
export function sendText(name: "stdout" | "stderr", text: string): void {
  const cell = causingCell()?.id ?? 0;
  if (pending && (pending.cell !== cell || pending.name !== name)) flushText();
  if (!pending) {
    pending = { cell, name, parts: [], length: 0, since: Date.now() };
    setTimeout(flushText, longEnough).unref();
  }
  pending.parts.push(text);
  pending.length += text.length;
  if (pending.length >= enoughText || Date.now() - pending.since >= longEnough) flushText();
}

/** Sends the text that waits. */
export function flushText(): void {
  if (!pending) return;
  const { cell, name, parts } = pending;
  pending = undefined;
  writeLine({ type: "output", cell, output: { type: "stream", name, text: parts.join("") } });
}

function writeLine(event: Event): void {
  writeAll(eventDescriptor, Buffer.from(`${JSON.stringify(event)}\n`));
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
