import { holdPlaces } from "../../display/index.js";
import { sendOutput } from "./events.js";

/** Makes everything written to `process.stdout` and `process.stderr` output of the cell that wrote it. */
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
    const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    if (text) {
      holdPlaces();
      sendOutput({ type: "stream", name, text });
    }
    if (done) process.nextTick(done);
    return true;
  };
  process[name].write = write as typeof process.stdout.write;
}
