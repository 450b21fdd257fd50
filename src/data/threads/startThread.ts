import { startWorker } from "../../check/index.js";

/** What a thread is sent: its answer has the number again, so that it reaches who asked. */
export interface Asked<Request> {
  readonly number: number;
  readonly request: Request;
}

/** What a thread sends back for each request. */
export type Reply<Answer> = { readonly number: number } & ({ readonly answer: Answer } | { readonly error: unknown });

/** A thread that answers requests. */
export interface Thread<Request, Answer> {
  /** Requests that it has not answered yet. */
  pending(): number;
  /**
   * @throws DataCloneError for what cannot be sent
   * @throws Error `data: the thread that draws has ended (exit code 1); the next call starts another`
   */
  ask(request: Request): Promise<Answer>;
}

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Starts a thread that runs a module of {@link import("./answerRequests.js").answerRequests}. It keeps the process alive only
 * while somebody waits for an answer.
 *
 * @param module of the thread, with the ending .js
 * @param does what it is for, as errors say it: `draws`
 * @param ended is called once, when it answers no more, before those who wait for it are told
 */
export function startThread<Request, Answer>(module: URL, does: string, ended: () => void): Thread<Request, Answer> {
  const worker = startWorker(module);
  const waiting = new Map<number, Waiting<Answer>>();
  let [last, isAlive] = [0, true];
  worker.unref();
  worker.on("message", (reply: Reply<Answer>) => {
    const asker = waiting.get(reply.number);
    if (!asker) return; // the thread's end was noticed before what it had sent
    waiting.delete(reply.number);
    if (waiting.size === 0) worker.unref();
    if ("error" in reply) asker.reject(reply.error);
    else asker.resolve(reply.answer);
  });
  const end = (why: string, cause?: unknown) => {
    if (!isAlive) return; // an error is followed by the exit
    isAlive = false;
    ended();
    const error = new Error(`data: the thread that ${does} has ended (${why}); the next call starts another`, {
      cause,
    });
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("error", (cause) => end(String(cause), cause));
  worker.on("messageerror", (cause) => {
    end(String(cause), cause);
    void worker.terminate();
  });
  worker.on("exit", (code) => end(`exit code ${code}`));
  return {
    pending: () => waiting.size,
    ask(request) {
      return new Promise((resolve, reject) => {
        last++;
        worker.postMessage({ number: last, request } satisfies Asked<Request>); // first: it throws for what cannot be sent
        waiting.set(last, { resolve, reject });
        worker.ref();
      });
    },
  };
}
