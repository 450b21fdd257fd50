import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { decodeImage } from "./decodeImage.js";
import type { DecodeAnswer, DecodeJob, ImagePlace } from "./decodeJob.js";

/**
 * A thread that reads and decodes images, one {@link DecodeJob} after the other. It opens the files itself, so that a
 * training step that keeps the main thread busy does not keep the next images waiting.
 */

/** Files that stay open: the shards in use. */
const mostOpen = 32;
const open = new Map<string, number>();

async function answer({ places, shape, target }: DecodeJob): Promise<DecodeAnswer> {
  const extent = shape[0] * shape[1] * shape[2];
  const problems: (string | undefined)[] = [];
  for (const [at, place] of places.entries()) {
    try {
      await decodeImage(contents(place), shape, target.subarray(at * extent, (at + 1) * extent));
      problems.push(undefined);
    } catch (error) {
      problems.push(reasonOf(error as Error));
    }
  }
  return problems;
}

function reasonOf(error: Error): string {
  return error.message.trim().replace(/\s*\n\s*/g, "; ");
}

function contents({ path, offset, length }: ImagePlace): Buffer {
  if (length === undefined) return wholeFile(path);
  return part(opened(path), offset, length);
}

function wholeFile(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    return part(file, 0, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}

/** Memory for the bytes of one image, used again for the next: making it anew each time keeps the collector busy. */
let input = Buffer.allocUnsafeSlow(1 << 16);

function part(file: number, offset: number, length: number): Buffer {
  if (input.length < length) input = Buffer.allocUnsafeSlow(length * 2);
  const done = readSync(file, input, 0, length, offset);
  if (done < length) throw new Error(`ends after ${done} of ${length} bytes`);
  return input.subarray(0, length);
}

/** The file that was not asked for the longest is closed for a new one. */
function opened(path: string): number {
  const file = open.get(path) ?? openSync(path, "r");
  open.delete(path);
  open.set(path, file);
  const [oldest] = open;
  if (oldest && open.size > mostOpen) {
    closeSync(oldest[1]);
    open.delete(oldest[0]);
  }
  return file;
}

let last = Promise.resolve();
parentPort?.on("message", (job: DecodeJob) => {
  last = last.then(async () => {
    parentPort?.postMessage(await answer(job));
  });
});
