import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Inspector } from "../executor/index.js";
import type { SourceMap } from "../language/index.js";
import { Breakpoints } from "./breakpoints.js";
import { murmur2 } from "./murmur2.js";
import type {
  CallFrame,
  DebugRequest,
  DebugResponse,
  Evaluated,
  Paused,
  RemoteObject,
  SourceBreakpoint,
} from "./protocol.js";
import { type Parsed, placeOf, Scripts } from "./scripts.js";
import { asArgument, DebugVariables, hooks, textOf } from "./variables.js";

/** What the debugger needs of the kernel. */
export interface DebuggerHost {
  readonly folder: string;
  /** The inspector of the process that runs cells now. */
  inspector(): Inspector;
  /** TypeScript of the user's as a JavaScript expression; names of cell variables are members of `variables`. */
  toExpression(code: string, variables: string, hidden: readonly string[]): Promise<string>;
  /** A value was put among the cells' variables. */
  onCopied(name: string): void;
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
const hashSeed = 0xc70f6907;
/** Frames of the user's beyond these are not shown. */
const mostFrames = 100;

type Arguments = Readonly<Record<string, unknown>>;

/**
 * Answers the debug requests of Jupyter (messaging 5.5: the Debug Adapter Protocol with additions for cells) through
 * the inspector of the process that runs cells.
 */
export class Debugger {
  readonly #host: DebuggerHost;
  readonly #scripts = new Scripts();
  readonly #breakpoints: Breakpoints;
  readonly #variables: DebugVariables;
  readonly #prefix = join(tmpdir(), `kontrast-${process.pid}`) + sep;
  /** Code of the cells that the front end has named. */
  readonly #cells = new Map<string, string>();
  #attached: Inspector | undefined;
  #isStarted = false;
  #pauseOnExceptions = "none";
  #frames: readonly CallFrame[] = [];
  #paused: Paused | undefined;
  #sequence = 0;

  readonly #commands: Readonly<Record<string, (given: Arguments) => Promise<unknown>>> = {
    debugInfo: async () => this.#info(),
    initialize: async () => this.#initialize(),
    attach: () => this.#start(),
    launch: () => this.#start(),
    configurationDone: async () => ({}),
    disconnect: () => this.#disconnect(),
    terminate: () => this.#disconnect(),
    dumpCell: async ({ code }) => ({ sourcePath: this.#nameOf(String(code)) }),
    setBreakpoints: (given) => this.#setBreakpoints(given),
    setExceptionBreakpoints: (given) => this.#setExceptionBreakpoints(given),
    threads: async () => ({ threads: [{ id: threadId, name: "cells" }] }),
    stackTrace: async (given) => this.#stackTrace(given),
    scopes: async ({ frameId }) => ({ scopes: await this.#variables.scopes(this.#requireFrame(frameId)) }),
    variables: async ({ variablesReference }) => ({
      variables: await this.#variables.list(Number(variablesReference)),
    }),
    inspectVariables: async () => ({ variables: await this.#variables.list(await this.#variables.cellVariables()) }),
    richInspectVariables: (given) => this.#richVariable(given),
    evaluate: (given) => this.#evaluateRequest(given),
    setVariable: (given) => this.#setVariable(given),
    copyToGlobals: (given) => this.#copyToGlobals(given),
    exceptionInfo: async () => this.#exceptionInfo(),
    source: async ({ source }) => this.#source(source as { path?: string }),
    modules: async () => this.#modules(),
    continue: async () => this.#step("resume", { allThreadsContinued: true }),
    next: async () => this.#step("stepOver"),
    stepIn: async () => this.#step("stepInto"),
    stepOut: async () => this.#step("stepOut"),
    pause: async () => this.#step("pause"),
  };

  constructor(host: DebuggerHost) {
    this.#host = host;
    const inspector = () => this.#attached ?? host.inspector();
    this.#variables = new DebugVariables(inspector);
    this.#breakpoints = new Breakpoints(inspector, this.#scripts, (code) => this.#toExpression(code, []));
  }

  /** Answers a request; never rejects. */
  async request({ seq = 0, command = "", arguments: given = {} }: DebugRequest): Promise<DebugResponse> {
    const response = { type: "response" as const, seq: ++this.#sequence, request_seq: seq, command };
    const answer = Object.hasOwn(this.#commands, command) ? this.#commands[command] : undefined;
    if (!answer) return { ...response, success: false, message: `the debugger does not know ${command}` };
    try {
      return { ...response, success: true, body: await answer(given) };
    } catch (error) {
      return { ...response, success: false, message: (error as Error).message };
    }
  }

  /** Learns of code that is about to run, and installs the breakpoints in it. */
  async prepare({ fileName, code, sourceMap, files }: DebuggedCode): Promise<void> {
    const added = [this.#scripts.add(fileName, this.#nameOf(code), sourceMap, code.split("\n").length)];
    for (const { source, sourceMap: map } of files)
      added.push(this.#scripts.add(source, source, map, Number.MAX_SAFE_INTEGER));
    if (!this.#isStarted) return;
    for (const script of added) await this.#breakpoints.install(script);
  }

  /** The process is another one; a debugger that was started goes on with it. */
  async processReplaced(): Promise<void> {
    const wasPaused = this.#paused !== undefined;
    this.#attached = undefined;
    this.#breakpoints.forgetInstalled();
    this.#scripts.clear();
    this.#resumed();
    if (wasPaused) this.#tell("continued", { threadId, allThreadsContinued: true });
    if (this.#isStarted) await this.#start();
  }

  #info() {
    return {
      isStarted: this.#isStarted,
      hashMethod: "Murmur2",
      hashSeed,
      tmpFilePrefix: this.#prefix,
      tmpFileSuffix: ".ts",
      breakpoints: this.#breakpoints.list(),
      stoppedThreads: this.#paused ? [threadId] : [],
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
    const inspector = this.#host.inspector();
    if (this.#attached !== inspector) {
      this.#attached = inspector;
      inspector.on("notification", (method, parameters) => {
        if (method === "Debugger.scriptParsed") this.#scripts.noteParsed(parameters as unknown as Parsed);
        if (method === "Debugger.paused") void this.#onPaused(parameters as unknown as Paused);
        if (method === "Debugger.resumed") this.#onResumed();
      });
    }
    await inspector.post("Debugger.enable");
    // No asynchronous stacks: for them Node turns on async hooks, and then stopping a loop aborts the process.
    // Steps go from the user's code to the user's code.
    const folder = pathToFileURL(`${this.#host.folder}${sep}`).href.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    await inspector.post("Debugger.setBlackboxPatterns", {
      patterns: [`^(?!${folder})`, "/node_modules/", "/dist/kernel/"],
    });
    await inspector.post("Debugger.setPauseOnExceptions", { state: this.#pauseOnExceptions });
    this.#isStarted = true;
    for (const { source, breakpoints } of this.#breakpoints.list()) await this.#breakpoints.set(source, breakpoints);
    return {};
  }

  async #disconnect() {
    if (this.#attached && this.#isStarted) {
      if (this.#paused) await this.#attached.post("Debugger.resume");
      await this.#attached.post("Debugger.disable");
      this.#attached.removeAllListeners("notification");
      this.#attached.detach();
    }
    this.#attached = undefined;
    this.#isStarted = false;
    this.#breakpoints.clear();
    this.#resumed();
    return {};
  }

  #nameOf(code: string): string {
    const path = `${this.#prefix}${murmur2(code, hashSeed)}.ts`;
    this.#cells.set(path, code);
    return path;
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

  async #onPaused(paused: Paused): Promise<void> {
    const frames = paused.callFrames.filter(({ location }) => this.#scripts.byId(location.scriptId));
    const [top] = paused.callFrames;
    // A step has ended in code that the user has not written: on to the next that is.
    if (!top || frames[0] !== top || !this.#placeOf(top)) {
      await this.#attached?.post(frames[0] === top ? "Debugger.stepOver" : "Debugger.stepOut");
      return;
    }
    this.#frames = frames.slice(0, mostFrames);
    this.#paused = paused;
    const isBreakpoint = (paused.hitBreakpoints ?? []).length > 0;
    const isException = paused.reason === "exception" || paused.reason === "promiseRejection";
    const reason = isException ? "exception" : isBreakpoint ? "breakpoint" : "step";
    const text = isException && paused.data ? { text: textOf(paused.data).split("\n")[0] } : {};
    this.#tell("stopped", { reason, threadId, allThreadsStopped: true, ...text });
  }

  #onResumed(): void {
    if (this.#paused) this.#tell("continued", { threadId, allThreadsContinued: true });
    this.#resumed();
  }

  #resumed(): void {
    this.#paused = undefined;
    this.#frames = [];
    this.#variables.clear();
  }

  #placeOf({ location }: CallFrame) {
    const script = this.#scripts.byId(location.scriptId);
    return script && placeOf(script, location.lineNumber, location.columnNumber ?? 0);
  }

  #stackTrace({ startFrame, levels }: Arguments) {
    const start = Number(startFrame ?? 0);
    const stackFrames = this.#frames.map((frame, index) => {
      const { sourcePath = "", line = 0, column = 0 } = this.#placeOf(frame) ?? {};
      const name = sourcePath.slice(sourcePath.lastIndexOf(sep) + 1);
      const source = { name, path: sourcePath, sourceReference: 0 };
      return { id: index + 1, name: frame.functionName || "(cell)", line, column, source };
    });
    const end = Number(levels) > 0 ? start + Number(levels) : undefined;
    return { stackFrames: stackFrames.slice(start, end), totalFrames: stackFrames.length };
  }

  #requireFrame(frameId: unknown): CallFrame {
    const frame = this.#frames[Number(frameId) - 1];
    if (frame) return frame;
    throw new RangeError(`frameId: there is no frame ${frameId}; ${this.#paused ? "" : "the program is running"}`);
  }

  async #step(method: string, body: object = {}) {
    await this.#attached?.post(`Debugger.${method}`);
    return body;
  }

  /** Names that a frame declares hide those of the cells. */
  async #toExpression(code: string, hidden: readonly string[]): Promise<string> {
    return this.#host.toExpression(code, `${hooks}.variables`, hidden);
  }

  async #evaluate(code: string, frameId: unknown): Promise<RemoteObject> {
    const inspector = this.#attached ?? this.#host.inspector();
    const frame = frameId === undefined || frameId === null ? undefined : this.#requireFrame(frameId);
    const hidden = frame ? await this.#localNames(frame) : [];
    const expression = await this.#toExpression(code, hidden);
    const { result, exceptionDetails } = frame
      ? await inspector.post<Evaluated>("Debugger.evaluateOnCallFrame", { callFrameId: frame.callFrameId, expression })
      : await inspector.post<Evaluated>("Runtime.evaluate", { expression });
    if (!exceptionDetails) return result;
    const { exception, text } = exceptionDetails;
    throw new Error(exception ? (textOf(exception).split("\n")[0] ?? text) : text);
  }

  async #localNames({ scopeChain }: CallFrame): Promise<string[]> {
    const local = scopeChain.filter(({ type }) => type !== "global" && type !== "script");
    const inspector = this.#attached ?? this.#host.inspector();
    const names = local.map(async ({ object: { objectId } }) => {
      const parameters = { objectId, ownProperties: true };
      const { result } = await inspector.post<{ result: { name: string }[] }>("Runtime.getProperties", parameters);
      return result.map(({ name }) => name);
    });
    return (await Promise.all(names)).flat();
  }

  async #evaluateRequest({ expression, frameId }: Arguments) {
    const value = await this.#evaluate(String(expression), frameId);
    const { value: result, type, variablesReference } = this.#variables.describe("", value);
    return { result, type, variablesReference };
  }

  async #richVariable({ variableName, frameId }: Arguments) {
    const value = await this.#evaluate(String(variableName), frameId);
    const inspector = this.#attached ?? this.#host.inspector();
    const { result } = await inspector.post<Evaluated>("Runtime.evaluate", { expression: hooks });
    const described = await inspector.post<Evaluated>("Runtime.callFunctionOn", {
      objectId: result.objectId,
      functionDeclaration: "function (value) { return this.describe(value); }",
      arguments: [asArgument(value)],
      returnByValue: true,
    });
    return { data: described.result.value ?? { "text/plain": textOf(value) }, metadata: {} };
  }

  async #setVariable({ variablesReference, name, value }: Arguments) {
    const reference = Number(variablesReference);
    const callFrameId = this.#variables.frameOf(reference);
    const frame = this.#frames.findIndex((candidate) => candidate.callFrameId === callFrameId) + 1;
    // In a scope by an assignment, which fails for constants; V8 makes it in a copy of what is on the stack.
    const code = callFrameId ? `${name} = (${value})` : String(value);
    const assigned = await this.#evaluate(code, frame || (this.#frames.length > 0 ? 1 : undefined));
    await this.#variables.assign(reference, String(name), assigned);
    const { value: text, type, variablesReference: members } = this.#variables.describe(String(name), assigned);
    return { value: text, type, variablesReference: members };
  }

  async #copyToGlobals({ srcVariableName, dstVariableName, srcFrameId }: Arguments) {
    const value = await this.#evaluate(String(srcVariableName), srcFrameId);
    const name = String(dstVariableName);
    await this.#variables.assign(await this.#variables.cellVariables(), name, value);
    this.#host.onCopied(name);
    return {};
  }

  #exceptionInfo() {
    const { data } = this.#paused ?? {};
    if (!data) throw new Error("exceptionInfo: the program has not stopped at an exception");
    const [description = ""] = textOf(data).split("\n");
    return { exceptionId: data.className ?? "Error", description, breakMode: "always" };
  }

  #source({ path = "" }: { path?: string }) {
    const content = this.#cells.get(path);
    if (content === undefined) throw new Error(`source: there is no cell ${path}`);
    return { content, mimeType: "text/typescript" };
  }

  #modules() {
    const files = this.#scripts.sources().filter((path) => !this.#cells.has(path));
    const modules = files.map((path, index) => ({ id: index + 1, name: path.slice(path.lastIndexOf(sep) + 1), path }));
    return { modules, totalModules: modules.length };
  }

  #tell(event: string, body: object = {}): void {
    this.#host.publish({ type: "event", seq: ++this.#sequence, event, body });
  }
}
