import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { DecodeAnswer, DecodeJob, ImagePlace } from "./decodeJob.js";

/** Threads, started when they are first needed; more would not be fed by one disk and one main thread. */
const mostThreads = Math.min(availableParallelism(), 16);
/** Images per job: some milliseconds of work, so that the messages around it do not count. */
const mostImages = 32;
/** Jobs that a thread has at once: the next is there when one is done, though the main thread may be busy. */
const mostJobs = 2;

interface Waiting {
  readonly job: DecodeJob;
  resolve(answer: DecodeAnswer): void;
  reject(error: Error): void;
}

/** A thread and the jobs it has, in their order. */
interface Thread {
  readonly worker: Worker;
  readonly jobs: Waiting[];
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
 */
export async function decodeImages(places: readonly ImagePlace[], shape: DecodeJob["shape"]): Promise<DecodeAnswer> {
  const size = Math.min(mostImages, Math.ceil(places.length / mostThreads));
  const parts = Array.from({ length: Math.ceil(places.length / size) }, (_, part) =>
    places.slice(part * size, (part + 1) * size),
  );
  const extent = shape[0] * shape[1] * shape[2];
  const bytes = new Uint8Array(places.length * extent);
  const problems: (string | undefined)[] = new Array(places.length);
  const jobs = parts.map(async (part, at) => {
    const answer = await ask({ places: part, shape });
    bytes.set(answer.bytes, at * size * extent);
    answer.problems.forEach((problem, image) => {
      problems[at * size + image] = problem;
    });
  });
  await Promise.all(jobs);
  return { bytes, problems };
}

function ask(job: DecodeJob): Promise<DecodeAnswer> {
  return new Promise((resolve, reject) => {
    queue.push({ job, resolve, reject });
    handOut();
  });
}

/** Gives each thread what it may have, the idle ones first. */
function handOut(): void {
  while (queue.length > 0) {
    const thread = freest();
    if (!thread) return;
    const next = queue.shift() as Waiting;
    thread.jobs.push(next);
    thread.worker.ref();
    thread.worker.postMessage(next.job);
  }
}

function freest(): Thread | undefined {
  const [least] = threads.toSorted((a, b) => a.jobs.length - b.jobs.length);
  if (least?.jobs.length === 0) return least;
  if (threads.length < mostThreads) return start();
  return least && least.jobs.length < mostJobs ? least : undefined;
}

function start(): Thread {
  const thread: Thread = { worker: startWorker(), jobs: [] };
  threads.push(thread);
  thread.worker.on("message", (answer: DecodeAnswer) => {
    thread.jobs.shift()?.resolve(answer);
    if (thread.jobs.length === 0) thread.worker.unref();
    handOut();
  });
  const end = (error: Error) => {
    const at = threads.indexOf(thread);
    if (at >= 0) threads.splice(at, 1);
    for (const { reject } of thread.jobs.splice(0)) reject(error);
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
