import { pathToFileURL } from "node:url";
import {
  decodedMappings,
  type EncodedSourceMap,
  generatedPositionFor,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from "@jridgewell/trace-mapping";
import type { SourceMap } from "../language/index.js";

/** Converted code that has run or is about to, and what it was made of. */
export interface Script {
  /** Name under which V8 knows it. */
  readonly url: string;
  /** Path under which the front end knows its source: of a cell one made of its code, else a file's. */
  readonly sourcePath: string;
  readonly sourceMap: SourceMap;
}

/** CDP: the parameters of `Debugger.scriptParsed`. */
export interface Parsed {
  readonly scriptId: string;
  readonly url: string;
  /** Of the code. */
  readonly hash: string;
}

/** A place in a source; line and column from 1. */
export interface Place {
  readonly sourcePath: string;
  readonly line: number;
  readonly column: number;
}

/** Scripts beyond these are forgotten, the oldest first: breakpoints in them have no effect any more. */
const mostScripts = 5000;

/** What V8 has read as a script. */
interface Read {
  readonly script: Script;
  readonly hash: string;
}

/** All scripts of the user's. Of a local file that was edited, which keeps its name, V8 has several. */
export class Scripts {
  /** The latest of each name. */
  readonly #byUrl = new Map<string, Script>();
  readonly #read = new Map<string, Read>();

  add(fileName: string, sourcePath: string, sourceMap: SourceMap): Script {
    const script = { url: pathToFileURL(fileName).href, sourcePath, sourceMap };
    this.#byUrl.set(script.url, script);
    if (this.#byUrl.size > mostScripts) this.#forget(this.#byUrl.keys().next().value as string);
    return script;
  }

  /** V8 has read a script. Its frames name it by number alone. */
  noteParsed({ scriptId, url, hash }: Parsed): void {
    const script = this.#byUrl.get(url);
    if (!script || this.#read.has(scriptId)) return;
    // Who attaches late is told of former versions, too, in any order; their maps are gone.
    const others = [...this.#read].filter(([, read]) => read.script === script && read.hash !== hash);
    if (others.some(([id]) => Number(id) > Number(scriptId))) return;
    for (const [id] of others) this.#read.delete(id);
    this.#read.set(scriptId, { script, hash });
  }

  byId(scriptId: string): Script | undefined {
    return this.#read.get(scriptId)?.script;
  }

  /** Whether breakpoints are meant for this script: they are set by name, and V8 sets them in former versions, too. */
  isLatest(scriptId: string): boolean {
    const script = this.byId(scriptId);
    return script !== undefined && this.#byUrl.get(script.url) === script;
  }

  /** A source may have run several times, each time as a script of its own. */
  ofSource(sourcePath: string): Script[] {
    return [...this.#byUrl.values()].filter((script) => script.sourcePath === sourcePath);
  }

  /** Paths of all sources. */
  sources(): string[] {
    return [...new Set([...this.#byUrl.values()].map(({ sourcePath }) => sourcePath))];
  }

  /** Another process gives numbers of its own. Files that cells have imported are the same there. */
  forgetIds(): void {
    this.#read.clear();
  }

  #forget(url: string): void {
    this.#byUrl.delete(url);
    for (const [id, { script }] of this.#read) if (script.url === url) this.#read.delete(id);
  }
}

/** An address as a part of a regular expression. */
export function escaped(url: string): string {
  return url.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

const traces = new WeakMap<Script, TraceMap>();

/** Read when it is asked for: most scripts are never debugged. */
function traceOf(script: Script): TraceMap {
  const known = traces.get(script) ?? new TraceMap(script.sourceMap as EncodedSourceMap);
  traces.set(script, known);
  return known;
}

/** The last line of the source that has code, from 1. */
function lastLine(trace: TraceMap): number {
  let last = 0;
  for (const segments of decodedMappings(trace)) {
    for (const segment of segments) last = Math.max(last, (segment[2] ?? -1) + 1);
  }
  return last;
}

/** Where in the source a place of a script is; CDP's line and column, from 0. `undefined` for code of the converter's. */
export function placeOf(script: Script, line: number, column: number): Place | undefined {
  const { sourcePath } = script;
  const found = originalPositionFor(traceOf(script), { line: line + 1, column });
  return found.line === null ? undefined : { sourcePath, line: found.line, column: found.column + 1 };
}

/**
 * The last line with code, where a place is behind all of it: V8 moves breakpoints there from a last line that is a
 * literal, as it stops at none. CDP's line, from 0.
 */
export function placeBehind(script: Script, line: number): Place | undefined {
  const trace = traceOf(script);
  if (line <= decodedMappings(trace).findLastIndex((segments) => segments.length > 0)) return undefined;
  return { sourcePath: script.sourcePath, line: lastLine(trace), column: 1 };
}

/** Where a line of the source, or the next that has code, begins in the script: CDP's line and column, from 0. */
export function generatedStart(script: Script, line: number) {
  const trace = traceOf(script);
  const source = trace.sources[0] ?? "";
  const last = lastLine(trace);
  for (let at = Math.max(1, Math.trunc(line)); at <= last; at++) {
    const found = generatedPositionFor(trace, { source, line: at, column: 0, bias: LEAST_UPPER_BOUND });
    if (found.line !== null) return { lineNumber: found.line - 1, columnNumber: found.column, line: at };
  }
  return undefined;
}
