import { cellMap } from "./cellMap.js";
import { asksForNoCheck, cellSource } from "./cellSource.js";
import { splitInlineMap } from "./commonJs.js";
import { completeness } from "./completeness.js";
import { complete } from "./completion.js";
import { cellError, isCellError } from "./diagnostics.js";
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
  const { typescript, cellPath } = tslab;
  const cells: Cells = {
    convert(declarations, code) {
      const cell = { path: cellPath, prefix, folder, length: code.length, noCheck: asksForNoCheck(typescript, code) };
      const { result, refused } = tslab.convert(declarations, cellSource(typescript, code), (diagnostic) =>
        isCellError(typescript, diagnostic, cell),
      );
      if (refused.length > 0) return { ok: false, errors: refused.map((one) => cellError(typescript, one, cell)) };
      if (result.output === undefined) throw new Error("tslab gave neither JavaScript nor errors");
      const { javascript, sourceMap } = splitInlineMap(result.output);
      return {
        ok: true,
        javascript,
        sourceMap: cellMap(sourceMap, code),
        ...(result.lastExpressionVar ? { lastExpression: result.lastExpressionVar } : {}),
        sideModules: (result.sideOutputs ?? []).map(({ path, data }) => ({ path, ...splitInlineMap(data) })),
        declarations: result.declOutput ?? "",
      };
    },
    complete: (declarations, code, cursor) => complete(tslab, declarations, code, cursor),
    inspect: (declarations, code, cursor) => inspect(tslab, declarations, code, cursor),
    isComplete: (code) => completeness(typescript, code),
  };
  cells.convert("", "0");
  return cells;
}
