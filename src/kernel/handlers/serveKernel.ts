import { Executor } from "../executor/index.js";
import { createLanguage } from "../language/index.js";
import { type ConnectionInfo, KernelSockets, type RequestChannel } from "../wire/index.js";
import { CellBook } from "./cellBook.js";
import { dispatch } from "./dispatch.js";
import { execute } from "./execute.js";
import { ExecuteQueue } from "./executeQueue.js";
import { handlers } from "./handlers.js";
import { History } from "./history.js";
import type { Kernel } from "./kernel.js";
import { publishOutput } from "./publishOutput.js";
import { noParent, Session } from "./session.js";

/** Options of {@link serveKernel}. */
export interface ServeKernelOptions {
  /** Where cells run and find their modules; default: the current folder. */
  readonly folder?: string;
  /** Ends the kernel as a shutdown request would. */
  readonly signal?: AbortSignal;
}

/**
 * A Jupyter kernel for TypeScript: answers on the connection's sockets until it is told to shut down.
 *
 * @throws Error `KernelSockets: cannot listen on …`
 */
export async function serveKernel(connection: ConnectionInfo, options: ServeKernelOptions = {}): Promise<void> {
  const { folder = process.cwd(), signal } = options;
  const sockets = await KernelSockets.bind(connection);
  const session = new Session(sockets);
  const cells = new CellBook();
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  // A kernel that could not tell what happens would hang its front end; it ends instead, with the reason.
  let failed = (_error: unknown) => {};
  const failure = new Promise<never>((_resolve, reject) => {
    failed = reject;
  });
  const shown = (sending: Promise<unknown>) => void sending.catch(failed);
  const executor = new Executor(folder, {
    onOutput: (cell, output) => {
      if (!cells.byId(cell)?.silent) shown(publishOutput(output, cell, { session, cells, folder }));
    },
    onReplaced: (reason, whileRunning) => {
      shown(language.then((checker) => checker.reset()));
      if (whileRunning) return;
      const text = `The process of the cells ${reason}; all variables are gone, run the cells above again.\n`;
      shown(publishOutput({ type: "stream", name: "stderr", text }, 0, { session, cells, folder }));
    },
  });
  const language = createLanguage({ folder });
  // Whoever needs the checker hears of the failure; until then it is no unhandled rejection.
  language.catch(() => undefined);

  let stopping = false;
  const kernel: Kernel = {
    folder,
    session,
    executor,
    language,
    cells,
    history: new History(),
    executionCount: 0,
    execution: undefined,
    shutdown: () => {
      stopping = true;
    },
  };
  const queue = new ExecuteQueue(kernel, execute);
  const listen = async (channel: RequestChannel) => {
    for await (const message of sockets.requests(channel)) {
      const { msg_type: type } = message.header;
      const request = { channel, message };
      if (type === "execute_request") shown(queue.add(request));
      else shown(dispatch(request, kernel, handlers.get(type)).then(() => stopping && end()));
    }
  };
  const welcome = async () => {
    for await (const topic of sockets.subscriptions()) await session.welcome(topic);
  };
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  for (const loop of [listen("shell"), listen("control"), listen("stdin"), welcome(), sockets.echo()]) shown(loop);
  shown(session.publishStatus("starting", noParent));
  try {
    await Promise.race([ended, failure]);
  } finally {
    await executor.close();
    // Not waited for: a checker that is still warming up would hold the shutdown up for seconds.
    language.then(
      (checker) => checker.close(),
      () => undefined,
    );
    await sockets.closeWhenSent();
  }
}
