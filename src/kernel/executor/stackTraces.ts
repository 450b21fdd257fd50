import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type EncodedSourceMap, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { SourceMap } from "./protocol.js";

/** Maps of one file's versions by the hash of their code; parsed when an error asks for them. */
type Versions = Map<string, SourceMap | TraceMap>;

/** The versions by the file's name: objects of a former one may still throw errors. */
const maps = new Map<string, Versions>();

/** Our own code that runs cells, which the user has not written. */
const ownFolder = fileURLToPath(new URL(".", import.meta.url));

/**
 * Tells of which source converted code was made.
 *
 * @param code as V8 gets it
 */
export function addSourceMap(fileName: string, code: string, map: SourceMap): void {
  const versions: Versions = maps.get(fileName) ?? new Map();
  maps.set(fileName, versions.set(createHash("sha256").update(code).digest("hex"), map));
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
  const versions = maps.get(fileName);
  if (!versions) return { text, isUsers: false };
  const [line, column] = [site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0];
  const place = originalPositionFor(parsedMap(versions, site.getScriptHash()), { line, column: column - 1 });
  // Code that only the converter wrote.
  if (place.line === null) return undefined;
  return { text: text.replace(`:${line}:${column}`, `:${place.line}:${place.column + 1}`), isUsers: true };
}

function parsedMap(versions: Versions, hash: string): TraceMap {
  // V8 counts otherwise where the code has a null character or half a surrogate pair.
  const [key, map] = versions.has(hash) ? [hash, versions.get(hash)] : ([...versions].at(-1) ?? []);
  if (map instanceof TraceMap) return map;
  const trace = new TraceMap(map as EncodedSourceMap);
  versions.set(key as string, trace);
  return trace;
}
