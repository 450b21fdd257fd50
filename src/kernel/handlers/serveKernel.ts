import { Debugger } from "../debugger/index.js";
import { Executor } from "../executor/index.js";
import { createLanguage } from "../language/index.js";
import { type ConnectionInfo, KernelSockets, type RequestChannel } from "../wire/index.js";
import { CellBook } from "./cellBook.js";
import { Comms } from "./comms.js";
import { dispatch } from "./dispatch.js";
import { handlers } from "./handlers.js";
import { fileHistory, historyFolder, memoryHistory } from "./historyStore.js";
import type { Kernel } from "./kernel.js";
import { publishOutput } from "./publishOutput.js";
import { Questions } from "./questions.js";
import type { Request } from "./request.js";
import { noParent, Session } from "./session.js";
import { enqueue, shellQueue } from "./shellQueue.js";
import { Shells } from "./shells.js";

/** Options of {@link serveKernel}. */
export interface ServeKernelOptions {
  /** Where cells run and find their modules; default: the current folder. */
  readonly folder?: string;
  /** Ends the kernel as a shutdown request would. */
  readonly signal?: AbortSignal;
  /** Told what the person who runs the server should know: messages that were dropped, a history that cannot be kept. */
  readonly warn?: (text: string) => void;
}

/**
 * A Jupyter kernel for TypeScript: answers on the connection's sockets until it is told to shut down.
 *
 * @throws Error `KernelSockets: cannot listen on …`
 */
export async function serveKernel(connection: ConnectionInfo, options: ServeKernelOptions = {}): Promise<void> {
  const { folder = process.cwd(), signal, warn = () => {} } = options;
  const sockets = await KernelSockets.bind(connection, {
    onDropped(reason, count) {
      // The first, the tenth, the hundredth: a flood of them must not fill the log.
      if (!Number.isInteger(Math.log10(count))) return;
      warn(`${count} message${count === 1 ? "" : "s"} dropped; the latest: ${reason}`);
    },
    onSlow: warn,
  });
  // A kernel that could not tell what happens would hang its front end; it ends instead, with the reason.
  let failed = (_error: unknown) => {};
  const failure = new Promise<never>((_resolve, reject) => {
    failed = reject;
  });
  const watched = (work: Promise<unknown>) => void work.catch(failed);
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let stopping = false;
  const kernel = createKernel({ connection, folder, sockets, watched, warn }, () => {
    stopping = true;
  });
  const { session, executor, language, questions } = kernel;

  const answer = (request: Request) => {
    const { msg_type: type } = request.message.header;
    return type === "execute_request" ? enqueue(request, kernel) : dispatch(request, kernel, handlers.get(type));
  };
  // Such as a reply that cannot be written as JSON. The others are not to suffer for it.
  const notAnswered = ({ message }: Error) => warn(`a request could not be answered: ${message}`);
  const listen = async (channel: RequestChannel) => {
    for await (const message of sockets.requests(channel)) {
      if (message.header.msg_type === "input_reply") questions.take(message);
      else void answer({ channel, message }).then(() => stopping && end(), notAnswered);
    }
  };
  const welcome = async () => {
    for await (const topic of sockets.subscriptions()) await session.welcome(topic);
  };
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  for (const loop of [listen("shell"), listen("control"), listen("stdin"), welcome(), sockets.echo()]) watched(loop);
  watched(session.publishStatus("starting", noParent));
  try {
    await Promise.race([ended, failure]);
  } finally {
    for (const { abort } of kernel.executions) abort.abort();
    await executor.close();
    // Not waited for: a checker that is still warming up would hold the shutdown up for seconds.
    language.then(
      (checker) => checker.close(),
      () => undefined,
    );
    await sockets.closeWhenSent();
  }
}

/** What a kernel is made of. */
interface Parts {
  readonly connection: ConnectionInfo;
  readonly folder: string;
  readonly sockets: KernelSockets;
  /** Ends the kernel if the work fails. */
  readonly watched: (work: Promise<unknown>) => void;
  readonly warn: (text: string) => void;
}

function createKernel({ connection, folder, sockets, watched, warn }: Parts, shutdown: () => void): Kernel {
  const session = new Session(sockets);
  const cells = new CellBook();
  const comms = new Comms(session);
  const questions = new Questions(session);
  const executor = new Executor(folder, {
    async onOutput(cell, output) {
      comms.noteOutput(output);
      // What a view hears is no output.
      if (output.type !== "broadcast" && cells.isSilent(cell)) return;
      const published = publishOutput(output, cell, { session, cells, folder });
      watched(published);
      await published;
    },
    async onQuestion(cell, { prompt, secret }) {
      const record = cells.byId(cell);
      return record && questions.ask(record, prompt, secret);
    },
    onReplaced(reason, whileRunning) {
      watched(kernel.prepareInTurn(async () => (await language).reset()));
      questions.cancelAll();
      watched(comms.closeAll());
      kernel.debugger.processReplaced();
      if (whileRunning) return;
      const text = `The process of the cells ${reason}; all variables are gone, run the cells above again.\n`;
      watched(publishOutput({ type: "stream", name: "stderr", text }, 0, { session, cells, folder }));
    },
  });
  const language = createLanguage({ folder });
  // Whoever needs the checker hears of the failure; until then it is no unhandled rejection.
  language.catch(() => undefined);
  const place = historyFolder();
  const store = place === undefined ? memoryHistory() : fileHistory(place, warn);
  let turn: Promise<unknown> = Promise.resolve();
  const kernel: Kernel = {
    connection,
    folder,
    session,
    executor,
    language,
    cells,
    shells: new Shells(store, () => shellQueue(() => kernel)),
    comms,
    questions,
    debugger: new Debugger({
      folder,
      inspector: () => executor.inspector,
      toExpression: async (code, variables, hidden) => (await language).toExpression(code, variables, hidden),
      onCopied: (name) => declareCopied(name, kernel),
      publish: (event) => watched(session.publish("debug_event", event, noParent)),
    }),
    executions: new Set(),
    prepareInTurn(prepare) {
      const prepared = turn.then(prepare);
      // Whoever waits for it hears of the failure; the next in turn does not.
      turn = prepared.catch(() => undefined);
      return prepared;
    },
    shutdown,
  };
  return kernel;
}

/** Lets cells see a variable that the debugger has put there, unless they know one of that name. */
async function declareCopied(name: string, kernel: Kernel): Promise<void> {
  const language = await kernel.language;
  const types = await language.variableTypes();
  if (!Object.hasOwn(types, name)) language.declare(name);
}
