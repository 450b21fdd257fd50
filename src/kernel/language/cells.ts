import { cellMap } from "./cellMap.js";
import { asksForNoCheck, cellSource } from "./cellSource.js";
import { splitInlineMap } from "./commonJs.js";
import { completeness } from "./completeness.js";
import { complete } from "./completion.js";
import { cellErrors } from "./diagnostics.js";
import { inspect } from "./inspection.js";
import { loadTslab, prefix } from "./tslabAdapter.js";
import type { Completeness, Completion, Conversion, Inspection } from "./types.js";

/** The language layer without its thread: nothing is remembered between calls, so that a new worker can go on. */
export interface Cells {
  /** @param declarations what earlier cells declared: {@link ConvertedCell.declarations} of the last committed one */
  convert(declarations: string, code: string): Conversion;
  complete(declarations: string, code: string, cursor: number): Completion;
  inspect(declarations: string, code: string, cursor: number): Inspection | undefined;
  isComplete(code: string): Completeness;
}

/** Starts tslab's converter for a notebook's folder and compiles an empty cell, so that the first cell is fast. */
export function createCells({ folder }: { folder: string }): Cells {
  const tslab = loadTslab({ folder });
  const { typescript, converter, cellPath } = tslab;
  const cells: Cells = {
    convert(declarations, code) {
      const source = cellSource(typescript, code);
      const converted = converter.convert(declarations, source);
      const noCheck = asksForNoCheck(typescript, code);
      const errors = cellErrors(typescript, tslab.diagnostics(), { path: cellPath, prefix, folder, noCheck });
      if (errors.length > 0) return { ok: false, errors };
      if (converted.output === undefined) throw new Error("tslab gave neither JavaScript nor errors");
      const { javascript, sourceMap } = splitInlineMap(converted.output);
      return {
        ok: true,
        javascript,
        sourceMap: cellMap(sourceMap, code),
        ...(converted.lastExpressionVar ? { lastExpression: converted.lastExpressionVar } : {}),
        sideModules: (converted.sideOutputs ?? []).map(({ path, data }) => ({ path, ...splitInlineMap(data) })),
        declarations: converted.declOutput ?? "",
      };
    },
    complete: (declarations, code, cursor) => complete(tslab, declarations, code, cursor),
    inspect: (declarations, code, cursor) => inspect(tslab, declarations, code, cursor),
    isComplete: (code) => completeness(typescript, code),
  };
  cells.convert("", "0");
  return cells;
}
