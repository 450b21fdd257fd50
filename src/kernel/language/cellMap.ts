import { decodedMap, encodedMap, type SourceMapSegment, TraceMap } from "@jridgewell/trace-mapping";
import { prefix } from "./tslabAdapter.js";
import type { SourceMap } from "./types.js";

const prefixLines = prefix.split("\n").length - 1;

/** The map of tslab's virtual file as a map of the cell, which begins after tslab's prefix. */
export function cellMap(sourceMap: SourceMap, code: string): SourceMap {
  const lineCount = code.split("\n").length;
  const decoded = decodedMap(new TraceMap({ ...sourceMap, version: 3 }));
  const mappings = decoded.mappings.map((line) =>
    line.flatMap((segment): SourceMapSegment[] => {
      if (segment.length === 1) return [segment];
      const moved = [...segment] as Exclude<SourceMapSegment, [number]>;
      moved[2] -= prefixLines;
      // The prefix itself, and the list of exports that tslab appends.
      return moved[2] < 0 || moved[2] >= lineCount ? [[moved[0]]] : [moved];
    }),
  );
  const moved = new TraceMap({ ...decoded, sources: ["cell.ts"], sourcesContent: [code], mappings });
  const { names, mappings: encoded } = encodedMap(moved);
  return { version: 3, names: [...names], sources: ["cell.ts"], sourcesContent: [code], mappings: encoded };
}
