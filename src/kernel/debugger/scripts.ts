import { pathToFileURL } from "node:url";
import {
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
  readonly trace: TraceMap;
  /** Lines of the source. */
  readonly lineCount: number;
}

/** CDP: the parameters of `Debugger.scriptParsed`. */
export interface Parsed {
  readonly scriptId: string;
  readonly url: string;
}

/** A place in a source; line and column from 1. */
export interface Place {
  readonly sourcePath: string;
  readonly line: number;
  readonly column: number;
}

/** All scripts of the user's. */
export class Scripts {
  readonly #byUrl = new Map<string, Script>();
  readonly #urls = new Map<string, string>();

  add(fileName: string, sourcePath: string, sourceMap: SourceMap, lineCount: number): Script {
    const trace = new TraceMap(sourceMap as EncodedSourceMap);
    const script = { url: pathToFileURL(fileName).href, sourcePath, trace, lineCount };
    this.#byUrl.set(script.url, script);
    return script;
  }

  /** V8 has read a script. Its frames name it by number alone. */
  noteParsed({ scriptId, url }: Parsed): void {
    if (this.#byUrl.has(url)) this.#urls.set(scriptId, url);
  }

  byId(scriptId: string): Script | undefined {
    return this.#byUrl.get(this.#urls.get(scriptId) ?? "");
  }

  /** A source may have run several times, each time as a script of its own. */
  ofSource(sourcePath: string): Script[] {
    return [...this.#byUrl.values()].filter((script) => script.sourcePath === sourcePath);
  }

  /** Paths of all sources. */
  sources(): string[] {
    return [...new Set([...this.#byUrl.values()].map(({ sourcePath }) => sourcePath))];
  }

  clear(): void {
    this.#urls.clear();
    this.#byUrl.clear();
  }
}

/** Where in the source a place of a script is; CDP's line and column, from 0. `undefined` for code of the converter's. */
export function placeOf({ trace, sourcePath }: Script, line: number, column: number): Place | undefined {
  const found = originalPositionFor(trace, { line: line + 1, column });
  return found.line === null ? undefined : { sourcePath, line: found.line, column: found.column + 1 };
}

/** Where a line of the source, or the next that has code, begins in the script: CDP's line and column, from 0. */
export function generatedStart({ trace, lineCount }: Script, line: number) {
  const source = trace.sources[0] ?? "";
  for (let at = line; at <= lineCount; at++) {
    const found = generatedPositionFor(trace, { source, line: at, column: 0, bias: LEAST_UPPER_BOUND });
    if (found.line !== null) return { lineNumber: found.line - 1, columnNumber: found.column, line: at };
  }
  return undefined;
}
