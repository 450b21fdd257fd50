import { availableParallelism } from "node:os";
import { threadPool } from "../threads/threadPool.js";
import type { DecodeAnswer, DecodeJob, ImagePlace } from "./decodeJob.js";
import { sharpSettings } from "./sharpSettings.js";

/** Threads; more would not be fed by one disk and one main thread. */
const mostThreads = Math.min(availableParallelism(), 16);
/** Images per job: some milliseconds of work, so that the messages around it do not count. */
const mostImages = 64;
/** Pixels of a job, bytes, unless one image has more: what bounds the memory for large images. */
const mostBytes = 1 << 22;

const pool = threadPool<DecodeJob, DecodeAnswer>(new URL("./decodeWorker.js", import.meta.url), {
  does: "decodes images",
  mostThreads,
  mostJobs: 2,
});

/** Memory that the jobs of before have done with: what is shared is not made, handed over and freed each time. */
const free: SharedArrayBuffer[] = [];

/**
 * Reads and decodes images in threads of their own, as {@link import("./decodeImage.js").decodeImage} does. Whatever the size
 * of the data, each thread holds one image, its bytes and its pixels, and room for the results of two jobs. Threads keep no
 * process alive.
 *
 * @param places where the images lie
 * @param shape height, width, channels (1 or 3) of what is made of them
 * @returns one image per place, one after the other, and why one cannot be read
 * @throws Error `/…/12.jpg could not be read (EACCES: …); …` for what is no fault of the image
 */
export async function decodeImages(
  places: readonly ImagePlace[],
  shape: DecodeJob["shape"],
): Promise<{ bytes: Uint8Array; problems: readonly (string | undefined)[] }> {
  const extent = shape[0] * shape[1] * shape[2];
  const most = Math.max(1, Math.min(mostImages, Math.floor(mostBytes / extent)));
  const size = Math.min(most, Math.ceil(places.length / mostThreads));
  const bytes = new Uint8Array(places.length * extent);
  const problems: (string | undefined)[] = [];
  const settings = await sharpSettings();
  const jobs: Promise<void>[] = [];
  for (let first = 0; first < places.length; first += size) {
    jobs.push(decodePart(places.slice(first, first + size), first));
  }
  await Promise.all(jobs);
  return { bytes, problems };

  async function decodePart(part: readonly ImagePlace[], first: number): Promise<void> {
    let target: DecodeJob["target"] | undefined;
    try {
      const answer = await pool.run(() => {
        target = roomFor(part.length * extent);
        return { places: part, shape, target, settings };
      });
      bytes.set(target as DecodeJob["target"], first * extent);
      for (const [at, problem] of answer.entries()) problems[first + at] = problem;
    } finally {
      if (target) free.push(target.buffer);
    }
  }
}

function roomFor(length: number): DecodeJob["target"] {
  const held = free.pop();
  return new Uint8Array(held && held.byteLength >= length ? held : new SharedArrayBuffer(length), 0, length);
}
