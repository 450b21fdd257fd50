import { sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Inspector } from "../executor/index.js";
import type { SourceMap } from "../language/index.js";
import { Breakpoints } from "./breakpoints.js";
import { Evaluation } from "./evaluation.js";
import type { DebugRequest, DebugResponse, Paused, SourceBreakpoint } from "./protocol.js";
import { escaped, type Parsed, Scripts } from "./scripts.js";
import { hashSeed, prefix, Sources, suffix } from "./sources.js";
import { type Asked, Stop } from "./stop.js";
import { DebugVariables, hooks } from "./variables.js";

/** What the debugger needs of the kernel. */
export interface DebuggerHost {
  readonly folder: string;
  /** The inspector of the process that runs cells now. */
  inspector(): Inspector;
  /**
   * TypeScript of the user's as a JavaScript expression; names of cell variables are members of `variables`.
   *
   * @param hidden names that mean something nearer; `undefined` where that is only known when it is evaluated
   */
  toExpression(code: string, variables: string, hidden: readonly string[] | undefined): Promise<string>;
  /** A value was put among the cells' variables. */
  onCopied(name: string): Promise<void>;
  /** Tells the front end something. */
  publish(event: Record<string, unknown>): void;
}

/** A cell, or a file that cells import, that is about to run. */
export interface DebuggedCode {
  readonly fileName: string;
  readonly code: string;
  readonly sourceMap: SourceMap;
  readonly files: readonly { readonly source: string; readonly sourceMap: SourceMap }[];
}

/** There is one thread. */
const threadId = 1;

type Arguments = Readonly<Record<string, unknown>>;

/**
 * Answers the debug requests of Jupyter (messaging 5.5: the Debug Adapter Protocol with additions for cells) through
 * the inspector of the process that runs cells.
 */
export class Debugger {
  readonly #host: DebuggerHost;
  readonly #scripts = new Scripts();
  readonly #sources = new Sources(this.#scripts);
  readonly #breakpoints: Breakpoints;
  readonly #variables: DebugVariables;
  readonly #evaluation: Evaluation;
  /** Of the process that is debugged now. */
  #attached: Inspector | undefined;
  #attaching: Promise<void> = Promise.resolve();
  #isStarted = false;
  #pauseOnExceptions = "none";
  #stop: Stop | undefined;
  #asked: Asked;
  #sequence = 0;

  readonly #commands: Readonly<Record<string, (given: Arguments) => Promise<unknown>>> = {
    debugInfo: async () => this.#info(),
    initialize: async () => this.#initialize(),
    attach: () => this.#start(),
    launch: () => this.#start(),
    configurationDone: async () => ({}),
    disconnect: () => this.#disconnect(),
    terminate: () => this.#disconnect(),
    dumpCell: async ({ code }) => ({ sourcePath: this.#sources.nameOf(String(code)) }),
    setBreakpoints: (given) => this.#setBreakpoints(given),
    setExceptionBreakpoints: (given) => this.#setExceptionBreakpoints(given),
    threads: async () => ({ threads: [{ id: threadId, name: "cells" }] }),
    stackTrace: async ({ startFrame, levels }) => this.#requireStop().stackTrace(startFrame, levels),
    scopes: async ({ frameId }) => ({
      scopes: await this.#variables.scopes(this.#requireStop().requireFrame(frameId)),
    }),
    variables: async ({ variablesReference }) => ({
      variables: await this.#variables.list(Number(variablesReference)),
    }),
    inspectVariables: async () => this.#cellVariables(),
    richInspectVariables: (given) => this.#evaluation.richVariable(given),
    evaluate: (given) => this.#evaluation.evaluate(given),
    setVariable: (given) => this.#evaluation.setVariable(given),
    copyToGlobals: (given) => this.#evaluation.copyToGlobals(given),
    exceptionInfo: async () => this.#requireStop().exceptionInfo(),
    source: ({ source }) => this.#sources.read(String((source as { path?: string } | undefined)?.path)),
    modules: async () => this.#sources.modules(),
    continue: async () => this.#go("resume", undefined, { allThreadsContinued: true }),
    next: async () => this.#go("stepOver", "step"),
    stepIn: async () => this.#go("stepInto", "step"),
    stepOut: async () => this.#go("stepOut", "step"),
    pause: async () => this.#go("pause", "pause"),
  };

  constructor(host: DebuggerHost) {
    this.#host = host;
    const inspector = () => this.#attached ?? host.inspector();
    const toExpression = (code: string, hidden: readonly string[] | undefined) =>
      host.toExpression(code, `${hooks}.variables`, hidden);
    this.#variables = new DebugVariables(inspector);
    this.#breakpoints = new Breakpoints(
      () => this.#attached,
      this.#scripts,
      (code) => toExpression(code, undefined),
    );
    this.#evaluation = new Evaluation(
      { inspector, stop: () => this.#stop, toExpression, onCopied: (name) => host.onCopied(name) },
      this.#variables,
    );
  }

  /** Answers a request; never rejects. */
  async request({ seq, command, arguments: given }: DebugRequest): Promise<DebugResponse> {
    const name = typeof command === "string" ? command : "";
    const asked = typeof seq === "number" ? seq : 0;
    const response = { type: "response" as const, seq: ++this.#sequence, request_seq: asked, command: name };
    const answer = Object.hasOwn(this.#commands, name) ? this.#commands[name] : undefined;
    if (!answer) return { ...response, success: false, message: `the debugger does not know ${name}` };
    try {
      return { ...response, success: true, body: await answer(given ?? {}) };
    } catch (error) {
      return { ...response, success: false, message: (error as Error).message };
    }
  }

  /** Learns of code that is about to run, and installs the breakpoints in it. Never rejects: cells run without, too. */
  async prepare({ fileName, code, sourceMap, files }: DebuggedCode): Promise<void> {
    const cell = this.#scripts.add(fileName, this.#sources.nameOf(code), sourceMap);
    const imported = files.map(({ source, sourceMap: map }) => this.#scripts.add(source, source, map));
    if (!this.#isStarted) return;
    try {
      await this.#attach();
      for (const script of [cell, ...imported]) await this.#breakpoints.install(script);
    } catch (error) {
      const output = `The breakpoints of this cell have no effect: ${(error as Error).message}\n`;
      this.#tell("output", { category: "important", output });
    }
  }

  /** The process is another one; a debugger that was started goes on with it at the next cell. */
  processReplaced(): void {
    this.#onResumed();
    this.#attached = undefined;
    this.#scripts.forgetIds();
  }

  #info() {
    return {
      isStarted: this.#isStarted,
      hashMethod: "Murmur2",
      hashSeed,
      tmpFilePrefix: prefix,
      tmpFileSuffix: suffix,
      breakpoints: this.#breakpoints.list(),
      stoppedThreads: this.#stop ? [threadId] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: true,
    };
  }

  #initialize() {
    // After the response, as the protocol asks.
    setImmediate(() => this.#tell("initialized"));
    return {
      supportsConfigurationDoneRequest: true,
      supportsConditionalBreakpoints: true,
      supportsLogPoints: true,
      supportsSetVariable: true,
      supportsExceptionInfoRequest: true,
      supportsEvaluateForHovers: true,
      exceptionBreakpointFilters: [{ filter: "all", label: "All exceptions", default: false }],
    };
  }

  async #start() {
    await this.#attach();
    this.#isStarted = true;
    return {};
  }

  /** Does nothing for a process that is debugged already. */
  #attach(): Promise<void> {
    const inspector = this.#host.inspector();
    if (this.#attached !== inspector) {
      this.#attached = inspector;
      this.#attaching = this.#attachTo(inspector);
    }
    return this.#attaching;
  }

  async #attachTo(inspector: Inspector): Promise<void> {
    inspector.on("notification", (method, parameters) => {
      if (method === "Debugger.scriptParsed") this.#scripts.noteParsed(parameters as unknown as Parsed);
      if (method === "Debugger.paused") this.#onPaused(inspector, parameters as unknown as Paused);
      if (method === "Debugger.resumed") this.#onResumed();
    });
    await inspector.post("Debugger.enable");
    // No asynchronous stacks: for them Node turns on async hooks, and then stopping a loop aborts the process.
    // Steps go from the user's code to the user's code.
    const folder = escaped(pathToFileURL(`${this.#host.folder}${sep}`).href);
    await inspector.post("Debugger.setBlackboxPatterns", {
      patterns: [`^(?!${folder})`, "/node_modules/", "/dist/kernel/"],
    });
    await inspector.post("Debugger.setPauseOnExceptions", { state: this.#pauseOnExceptions });
    await this.#breakpoints.installAll();
  }

  async #disconnect() {
    const inspector = this.#attached;
    this.#isStarted = false;
    this.#pauseOnExceptions = "none";
    this.#breakpoints.clear();
    if (!inspector) return {};
    try {
      // Lets a stopped program go on, too. Whether it is stopped is not known for sure: the end of a cell can overtake
      // the notification that it has gone on.
      await inspector.post("Debugger.disable");
    } finally {
      inspector.removeAllListeners("notification");
      inspector.detach();
      this.#attached = undefined;
      this.#resumed();
    }
    return {};
  }

  async #setBreakpoints({ source, breakpoints }: Arguments) {
    const path = String((source as { path?: string } | undefined)?.path);
    const wanted = (breakpoints ?? []) as readonly SourceBreakpoint[];
    return { breakpoints: await this.#breakpoints.set(path, wanted) };
  }

  async #setExceptionBreakpoints({ filters }: Arguments) {
    this.#pauseOnExceptions = (filters as string[] | undefined)?.includes("all") ? "all" : "none";
    await this.#attached?.post("Debugger.setPauseOnExceptions", { state: this.#pauseOnExceptions });
    return {};
  }

  async #cellVariables() {
    // While the program is stopped, what is on show stays valid.
    if (!this.#stop) this.#variables.clear();
    return { variables: await this.#variables.list(await this.#variables.cellVariables()) };
  }

  #requireStop(): Stop {
    if (this.#stop) return this.#stop;
    throw new Error("the program is running; it has to stop at a breakpoint first");
  }

  #onPaused(inspector: Inspector, paused: Paused): void {
    const stop = new Stop(paused, this.#scripts);
    const stepOn = stop.stepOn(this.#asked);
    if (stepOn !== undefined) {
      // A process that has ended in between is told of elsewhere.
      inspector.post(stepOn).catch(() => undefined);
      return;
    }
    this.#stop = stop;
    this.#tell("stopped", { threadId, allThreadsStopped: true, ...stop.reason(this.#asked) });
    this.#asked = undefined;
  }

  #onResumed(): void {
    if (this.#stop) this.#tell("continued", { threadId, allThreadsContinued: true });
    this.#resumed();
  }

  #resumed(): void {
    this.#stop = undefined;
    this.#variables.clear();
  }

  async #go(method: string, asked: Asked, body: object = {}) {
    if (asked !== "pause") this.#requireStop();
    this.#asked = asked;
    await this.#attached?.post(`Debugger.${method}`);
    return body;
  }

  #tell(event: string, body: object = {}): void {
    this.#host.publish({ type: "event", seq: ++this.#sequence, event, body });
  }
}
