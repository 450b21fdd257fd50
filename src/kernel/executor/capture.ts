import type { Writable } from "node:stream";
import { holdPlaces } from "../../display/index.js";
import { sendOutput } from "./events.js";

/**
 * Makes everything written to `process.stdout` and `process.stderr` output of the cell that wrote it. Nobody can close
 * them: what ends them, as piping to them does, is told that they have ended, and they can be written to as before.
 */
export function captureStreams(): void {
  capture("stdout");
  capture("stderr");
}

type Written = (error?: Error | null) => void;

function capture(name: "stdout" | "stderr"): void {
  const decoder = new TextDecoder();
  const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Written, written?: Written): boolean => {
    const done = typeof encoding === "function" ? encoding : written;
    // A character may be split over two chunks of bytes, hence one decoder that remembers.
    const isBytes = typeof encoding === "string" && !/^utf-?8$/i.test(encoding);
    const given = typeof chunk === "string" && isBytes ? Buffer.from(chunk, encoding) : chunk;
    const text = typeof given === "string" ? given : decoder.decode(given, { stream: true });
    if (text) {
      holdPlaces();
      sendOutput({ type: "stream", name, text });
    }
    if (done) process.nextTick(done);
    return true;
  };
  const stream: Writable = process[name];
  stream.write = write as typeof stream.write;
  // Whoever pipes to a stream leaves listeners there for as long as it lives.
  stream.setMaxListeners(0);
  // The stream's own would shut the pipe down, and what is written later would be an error.
  stream.end = (...given: unknown[]) => {
    const [last, encoding] = given as [unknown, BufferEncoding?];
    if (typeof last === "string" || last instanceof Uint8Array) write(last, encoding);
    const ended = given.find((one) => typeof one === "function") as Written | undefined;
    process.nextTick(() => {
      ended?.();
      stream.emit("finish");
    });
    return stream;
  };
}
