import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { DecodeAnswer, DecodeJob, ImagePlace } from "./decodeJob.js";

/** Threads, started when they are first needed; more would not be fed by one disk and one main thread. */
const mostThreads = Math.min(availableParallelism(), 16);
/** Images per job: some milliseconds of work, so that the messages around it do not count. */
const mostImages = 64;
/** Pixels of a job, bytes, unless one image has more: what bounds the memory for large images. */
const mostBytes = 1 << 22;
/** Jobs that a thread has at once: the next is there when one is done, though the main thread may be busy. */
const mostJobs = 2;

/** Images that wait for a thread, and where they go. */
interface Waiting {
  readonly places: readonly ImagePlace[];
  readonly shape: DecodeJob["shape"];
  /** Called with the pixels, which are overwritten after it, and what went wrong. */
  done(pixels: Uint8Array, problems: DecodeAnswer): void;
  reject(error: Error): void;
}

/** A thread, the jobs it has in their order, and the memory it shares with this one: a slot per job, used in turns. */
interface Thread {
  readonly worker: Worker;
  readonly jobs: { readonly waiting: Waiting; readonly target: DecodeJob["target"] }[];
  readonly slots: SharedArrayBuffer[];
  nextSlot: number;
}

const threads: Thread[] = [];
const queue: Waiting[] = [];

/**
 * Reads and decodes images in threads of their own, as {@link import("./decodeImage.js").decodeImage} does. Each thread
 * holds the bytes of one image and the pixels of two jobs at a time, whatever the size of the data. Threads keep no
 * process alive.
 *
 * @param places where the images lie
 * @param shape height, width, channels (1 or 3) of what is made of them
 * @returns one image per place, one after the other, and why one cannot be read
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
  const jobs: Promise<void>[] = [];
  for (let first = 0; first < places.length; first += size) {
    const job = new Promise<void>((resolve, reject) => {
      const done = (pixels: Uint8Array, answer: DecodeAnswer) => {
        bytes.set(pixels, first * extent);
        for (const [at, problem] of answer.entries()) problems[first + at] = problem;
        resolve();
      };
      queue.push({ places: places.slice(first, first + size), shape, done, reject });
    });
    jobs.push(job);
  }
  handOut();
  await Promise.all(jobs);
  return { bytes, problems };
}

/** Gives each thread what it may have, the idle ones first. */
function handOut(): void {
  while (queue.length > 0) {
    const thread = freest();
    if (!thread) return;
    const waiting = queue.shift() as Waiting;
    const { places, shape } = waiting;
    const target = slotOf(thread, places.length * shape[0] * shape[1] * shape[2]);
    thread.jobs.push({ waiting, target });
    thread.worker.ref();
    thread.worker.postMessage({ places, shape, target } satisfies DecodeJob);
  }
}

/** Memory that the thread's last but one job has done with: what is shared is not made, handed over and freed each time. */
function slotOf(thread: Thread, length: number): DecodeJob["target"] {
  const slot = thread.nextSlot++ % mostJobs;
  const held = thread.slots[slot];
  const memory = held && held.byteLength >= length ? held : new SharedArrayBuffer(length);
  thread.slots[slot] = memory;
  return new Uint8Array(memory, 0, length);
}

function freest(): Thread | undefined {
  const [least] = threads.toSorted((a, b) => a.jobs.length - b.jobs.length);
  if (least?.jobs.length === 0) return least;
  if (threads.length < mostThreads) return start();
  return least && least.jobs.length < mostJobs ? least : undefined;
}

function start(): Thread {
  const thread: Thread = { worker: startWorker(), jobs: [], slots: [], nextSlot: 0 };
  threads.push(thread);
  thread.worker.on("message", (problems: DecodeAnswer) => {
    const job = thread.jobs.shift();
    job?.waiting.done(job.target, problems);
    if (thread.jobs.length === 0) thread.worker.unref();
    handOut();
  });
  const end = (error: Error) => {
    const at = threads.indexOf(thread);
    if (at >= 0) threads.splice(at, 1);
    for (const { waiting } of thread.jobs.splice(0)) waiting.reject(error);
    handOut();
  };
  thread.worker.on("error", end);
  thread.worker.on("exit", (status) => end(new Error(`data: the thread that decodes images ended (status ${status})`)));
  return thread;
}

/** From `dist` the worker is plain JavaScript; from `src` (tests) it is loaded through tsx. */
function startWorker(): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(new URL("./decodeWorker.js", import.meta.url));
  const source = JSON.stringify(new URL("./decodeWorker.ts", import.meta.url).href);
  return new Worker(`import("tsx/esm/api").then(({ tsImport }) => tsImport(${source}, ${source}))`, { eval: true });
}
