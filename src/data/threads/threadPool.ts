import { startThread, type Thread } from "./startThread.js";

/** Threads that share work. */
export interface ThreadPool<Request, Answer> {
  /** @param request is called when a thread is free for it */
  run(request: () => Request): Promise<Answer>;
}

interface Job<Request, Answer> {
  readonly request: () => Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Threads that answer requests, started when they are first needed and then kept; they keep no process alive. One that ends
 * takes only its own jobs with it, and another is started in its place when there is work.
 *
 * @param module of a thread, as `startThread` takes it
 * @param options.does what a thread is for, as errors say it: `draws`
 * @param options.mostThreads at most so many
 * @param options.mostJobs what a thread has at once; with 2, the next is there when one is done, though the main thread is busy
 */
export function threadPool<Request, Answer>(
  module: URL,
  { does, mostThreads, mostJobs }: { does: string; mostThreads: number; mostJobs: number },
): ThreadPool<Request, Answer> {
  const threads = new Set<Thread<Request, Answer>>();
  const queue: Job<Request, Answer>[] = [];

  function handOut(): void {
    while (queue.length > 0 && hasRoom()) void give(queue.shift() as Job<Request, Answer>);
  }

  function hasRoom(): boolean {
    return threads.size < mostThreads || [...threads].some((thread) => thread.pending() < mostJobs);
  }

  async function give({ request, resolve, reject }: Job<Request, Answer>): Promise<void> {
    try {
      resolve(await freest().ask(request()));
    } catch (error) {
      reject(error);
    }
    handOut();
  }

  /** An idle thread, else a new one, else the one with the least to do. */
  function freest(): Thread<Request, Answer> {
    const [least] = [...threads].sort((a, b) => a.pending() - b.pending());
    if (least && (least.pending() === 0 || threads.size === mostThreads)) return least;
    const thread: Thread<Request, Answer> = startThread(module, does, () => threads.delete(thread));
    threads.add(thread);
    return thread;
  }

  return {
    run(request) {
      return new Promise((resolve, reject) => {
        queue.push({ request, resolve, reject });
        handOut();
      });
    },
  };
}
