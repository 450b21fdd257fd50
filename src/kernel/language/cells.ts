import { existsSync } from "node:fs";
import { cellMap } from "./cellMap.js";
import { asksForNoCheck, cellSource } from "./cellSource.js";
import { splitInlineMap } from "./commonJs.js";
import { completeness } from "./completeness.js";
import { complete } from "./completion.js";
import { debugExpression } from "./debugExpression.js";
import { cellError, isCellError } from "./diagnostics.js";
import { inspect } from "./inspection.js";
import { pathFromTslab } from "./outsideFiles.js";
import { loadTslab, prefix } from "./tslabAdapter.js";
import type { Completeness, Completion, Conversion, ConvertedCell, Inspection } from "./types.js";
import { variableTypes } from "./variableTypes.js";
import { withdrawNames } from "./withdrawNames.js";

/** Conversions that are remembered: a cell that runs again, with the same variables before it, is not checked again. */
const mostConverted = 200;

/** The language layer without its thread: between calls it remembers nothing but what it can find again, so that a new worker can go on. */
export interface Cells {
  /** @param declarations what earlier cells declared: {@link ConvertedCell.declarations} of the last committed one */
  convert(declarations: string, code: string): Conversion;
  complete(declarations: string, code: string, cursor: number): Completion;
  inspect(
    declarations: string,
    code: string,
    cursor: number,
    detail: 0 | 1,
    cells: readonly string[],
  ): Inspection | undefined;
  isComplete(code: string): Completeness;
  variableTypes(declarations: string): Record<string, string>;
  /** @returns the declarations that are left, see {@link withdrawNames} */
  withdraw(now: string, before: string, names: readonly string[]): string;
  toExpression(
    declarations: string,
    code: string,
    variables: string,
    hidden: readonly string[] | undefined,
  ): ReturnType<typeof debugExpression>;
}

/** Starts tslab's converter for a notebook's folder and compiles an empty cell, so that the first cell is fast. */
export function createCells({ folder }: { folder: string }): Cells {
  const tslab = loadTslab({ folder });
  const { typescript, cellPath } = tslab;
  const converted = new Map<string, ConvertedCell>();
  const cells: Cells = {
    convert(declarations, code) {
      if (tslab.refresh()) converted.clear();
      const key = `${declarations}\u0000${code}`;
      const known = converted.get(key);
      // Its local files have not changed since they were handed over.
      if (known) return { ...known, sideModules: [] };
      const conversion = convert(declarations, code);
      if (converted.size >= mostConverted) converted.clear();
      if (conversion.ok) converted.set(key, conversion);
      return conversion;
    },
    complete: (declarations, code, cursor) => complete(tslab, folder, { declarations, code, cursor }),
    inspect: (declarations, code, cursor, detail, earlier) =>
      inspect(tslab, { declarations, code, cursor, detail, cells: earlier, folder }),
    isComplete: (code) => completeness(typescript, code),
    variableTypes: (declarations) => variableTypes(typescript, declarations),
    withdraw: (now, before, names) => withdrawNames(typescript, { now, before, names }),
    toExpression(declarations, code, variables, hidden) {
      const names = Object.keys(variableTypes(typescript, declarations));
      return debugExpression(typescript, { code, variables, names, hidden });
    },
  };
  cells.convert("", "0");
  return cells;

  function convert(declarations: string, code: string): Conversion {
    const cell = { path: cellPath, prefix, folder, length: code.length, noCheck: asksForNoCheck(typescript, code) };
    const source = cellSource(typescript, code);
    const { result, refused, assigned } = tslab.convert(declarations, source.code, (diagnostic) =>
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
      disposables: source.disposables,
      assigned,
      sideModules: (result.sideOutputs ?? []).map(({ path: given, data }) => {
        const path = pathFromTslab(given);
        return { path, source: sourceOf(path), ...splitInlineMap(data) };
      }),
      declarations: result.declOutput ?? "",
    };
  }
}

/** The file that `x.js`, or `x.mjs.js`, was made of. */
function sourceOf(path: string): string {
  const [, stem = path, kind] = /^(.*?)(\.[mc]js)?\.js$/.exec(path) ?? [];
  const endings = kind ? [kind.replace("js", "ts"), kind] : [".ts", ".tsx", ".jsx"];
  return endings.map((ending) => stem + ending).find((candidate) => existsSync(candidate)) ?? path;
}
