import { fileURLToPath } from "node:url";
import { type EncodedSourceMap, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { SourceMap } from "./protocol.js";

/** Maps of converted code by its file name; parsed when an error asks for them. */
const maps = new Map<string, SourceMap | TraceMap>();

/** Our own code that runs cells, which the user has not written. */
const ownFolder = fileURLToPath(new URL(".", import.meta.url));

/** Tells of which source converted code was made. */
export function addSourceMap(fileName: string, map: SourceMap): void {
  maps.set(fileName, map);
}

/**
 * Writes the stack of every error in the coordinates of what the user wrote, wherever it is printed. Frames below the
 * last of the user's, and those of the code that runs cells, are left out.
 */
export function mapStackTraces(): void {
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.map(frameOf);
    const last = frames.findLastIndex((frame) => frame?.isUsers);
    const shown = (last < 0 ? frames : frames.slice(0, last + 1)).filter((frame) => frame !== undefined);
    return [titleOf(error), ...shown.map(({ text }) => `    at ${text}`)].join("\n");
  };
}

/** As V8 writes it, also for objects that are no errors, such as those of `console.trace`. What is read may throw. */
function titleOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

interface Frame {
  readonly text: string;
  readonly isUsers: boolean;
}

function frameOf(site: NodeJS.CallSite): Frame | undefined {
  const text = String(site);
  const fileName = site.getFileName() ?? site.getEvalOrigin() ?? "";
  if (fileName.replace(/^file:\/\//, "").startsWith(ownFolder)) return undefined;
  const map = maps.get(fileName);
  if (!map) return { text, isUsers: false };
  const [line, column] = [site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0];
  const place = originalPositionFor(parsed(fileName, map), { line, column: column - 1 });
  // Code that only the converter wrote.
  if (place.line === null) return undefined;
  return { text: text.replace(`:${line}:${column}`, `:${place.line}:${place.column + 1}`), isUsers: true };
}

function parsed(fileName: string, map: SourceMap | TraceMap): TraceMap {
  if (map instanceof TraceMap) return map;
  const trace = new TraceMap(map as EncodedSourceMap);
  maps.set(fileName, trace);
  return trace;
}
