/** The parts of the Debug Adapter Protocol (DAP) and of the Chrome DevTools Protocol (CDP) that meet here. */

/** A request of the front end, the content of a `debug_request`. */
export interface DebugRequest {
  readonly seq?: number;
  readonly command?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** The content of a `debug_reply`. */
export interface DebugResponse extends Record<string, unknown> {
  readonly type: "response";
  readonly seq: number;
  readonly request_seq: number;
  readonly command: string;
  readonly success: boolean;
  readonly message?: string;
  readonly body?: unknown;
}

/** CDP: a value of the debugged program. */
export interface RemoteObject {
  readonly type: string;
  readonly subtype?: string;
  readonly className?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly description?: string;
  readonly objectId?: string;
}

/** CDP: a member of an object. */
export interface Property {
  readonly name: string;
  readonly value?: RemoteObject;
  readonly get?: RemoteObject;
  readonly symbol?: RemoteObject;
  readonly enumerable?: boolean;
}

/** CDP: a place in a script; lines and columns from 0. */
export interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number;
}

/** CDP. */
interface Scope {
  readonly type: string;
  readonly name?: string;
  readonly object: RemoteObject;
}

/** CDP. */
export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: Location;
  readonly scopeChain: readonly Scope[];
}

/** CDP: the parameters of `Debugger.paused`. */
export interface Paused {
  readonly callFrames: readonly CallFrame[];
  readonly reason: string;
  readonly data?: RemoteObject;
  readonly hitBreakpoints?: readonly string[];
}

/** CDP: what an evaluation came to. */
export interface Evaluated {
  readonly result: RemoteObject;
  readonly exceptionDetails?: { readonly text: string; readonly exception?: RemoteObject };
}

/** DAP: a breakpoint as the front end asks for it; lines from 1. */
export interface SourceBreakpoint {
  readonly line: number;
  readonly condition?: string;
  readonly logMessage?: string;
}
