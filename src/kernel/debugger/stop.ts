import { basename } from "node:path";
import type { CallFrame, Paused } from "./protocol.js";
import { type Place, placeBehind, placeOf, type Scripts } from "./scripts.js";
import { textOf } from "./variables.js";

/** Frames of the user's beyond these are not shown. */
const mostFrames = 100;

/** What the user has asked for that makes the program stop. */
export type Asked = "step" | "pause" | undefined;

/** Where the program has stopped, and how it came there. */
export class Stop {
  readonly #scripts: Scripts;
  readonly #paused: Paused;
  /** Frames of the user's code, the innermost first. */
  readonly #frames: readonly CallFrame[];

  constructor(paused: Paused, scripts: Scripts) {
    this.#scripts = scripts;
    this.#paused = paused;
    this.#frames = paused.callFrames
      .filter(({ location }) => scripts.byId(location.scriptId) !== undefined)
      .slice(0, mostFrames);
  }

  /**
   * The way to code that the user has written, from where a step has ended in other code; `undefined`: it is there. From
   * a breakpoint that is meant for another version of the code the program simply goes on.
   */
  stepOn(asked: Asked): string | undefined {
    const { callFrames, hitBreakpoints = [] } = this.#paused;
    const [top] = callFrames;
    const isMeant = !top || hitBreakpoints.length === 0 || this.#scripts.isLatest(top.location.scriptId);
    if (!isMeant && asked === undefined) return "Debugger.resume";
    if (!top || this.#frames[0] !== top) return "Debugger.stepOut";
    return this.#placeOf(top) ? undefined : "Debugger.stepOver";
  }

  /**
   * Why, as DAP says it.
   *
   * @param asked without it, a statement `debugger` has stopped
   */
  reason(asked: Asked): { readonly reason: string; readonly text?: string } {
    const { reason, data, hitBreakpoints = [] } = this.#paused;
    if (reason === "exception" || reason === "promiseRejection") {
      return { reason: "exception", ...(data && { text: firstLine(textOf(data)) }) };
    }
    return { reason: hitBreakpoints.length > 0 ? "breakpoint" : (asked ?? "breakpoint") };
  }

  /** DAP's `stackTrace`. */
  stackTrace(startFrame: unknown, levels: unknown) {
    const start = Number(startFrame ?? 0);
    const end = Number(levels) > 0 ? start + Number(levels) : undefined;
    const stackFrames = this.#frames.map((frame, index) => {
      const { sourcePath = "", line = 0, column = 0 } = this.#placeOf(frame) ?? {};
      const source = { name: basename(sourcePath), path: sourcePath, sourceReference: 0 };
      return { id: index + 1, name: frame.functionName || "(cell)", line, column, source };
    });
    return { stackFrames: stackFrames.slice(start, end), totalFrames: stackFrames.length };
  }

  /**
   * @param frameId as in the stack trace, from 1
   * @throws RangeError `frameId: there is no frame 7; …`
   */
  requireFrame(frameId: unknown): CallFrame {
    const frame = this.#frames[Number(frameId) - 1];
    if (frame) return frame;
    throw new RangeError(`frameId: there is no frame ${frameId}; the stack has 1 to ${this.#frames.length}`);
  }

  /** The number of the frame that CDP knows under this name. */
  numberOf(callFrameId: string): number {
    return 1 + this.#frames.findIndex((frame) => frame.callFrameId === callFrameId);
  }

  /** DAP's `exceptionInfo`. */
  exceptionInfo() {
    const { data } = this.#paused;
    if (!data) throw new Error("exceptionInfo: the program has not stopped at an exception");
    return { exceptionId: data.className ?? "Error", description: firstLine(textOf(data)), breakMode: "always" };
  }

  #placeOf({ location, callFrameId }: CallFrame): Place | undefined {
    const { scriptId, lineNumber, columnNumber = 0 } = location;
    const script = this.#scripts.byId(scriptId);
    const { callFrames, hitBreakpoints = [] } = this.#paused;
    const found = script && placeOf(script, lineNumber, columnNumber);
    // Steps end there, too, but they are to go on.
    const isAtBreakpoint = hitBreakpoints.length > 0 && callFrameId === callFrames[0]?.callFrameId;
    return found ?? (script && isAtBreakpoint ? placeBehind(script, lineNumber) : undefined);
  }
}

/** The first line of a text. */
export function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
