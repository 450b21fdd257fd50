import { relative } from "node:path";
import { withRemedy } from "./remedies.js";
import { plainTypeNames } from "./typeNames.js";
import type { CellError } from "./types.js";
import type { TypeScript, ts } from "./typescript.js";

/** Where a cell's text begins in the virtual file, and what the user called it. */
export interface CellFile {
  readonly path: string;
  readonly prefix: string;
  readonly folder: string;
  /** UTF-16 units of the cell's code. */
  readonly length: number;
  /** Accept all that can be parsed: the cell says `@ts-nocheck`. */
  readonly noCheck: boolean;
}

/** TypeScript numbers the grammar from 1000 to 1999, and what follows from types from 2000. */
const firstSemanticCode = 2000;
const accepted: ReadonlySet<number> = new Set([
  1501, // a flag of regular expressions that is newer than the target; Node has them
  2695, // the left side of a comma is unused
  6059, // a local file outside the notebook's folder, which is TypeScript's `rootDir` here
  7016, // a package without types: what it exports is `any`
]);
const extensionStays = 2877;

/** Whether a diagnostic keeps a cell from running: an error in the cell, or in a local file that it imports. */
export function isCellError(typescript: TypeScript, diagnostic: ts.Diagnostic, cell: CellFile): boolean {
  const { category, code, file, start = 0 } = diagnostic;
  if (category !== typescript.DiagnosticCategory.Error || accepted.has(code) || !file) return false;
  // An absolute path is resolved as it is when the cell runs: nothing has to be rewritten in it.
  if (code === extensionStays && /^["'](\/|[A-Za-z]:)/.test(file.text.slice(start))) return false;
  if (file.fileName === cell.path) {
    // Behind the cell is the list of names that tslab exports: `declare global` is among them, and is no name.
    if (start > cell.prefix.length + cell.length) return false;
    return !cell.noCheck || code < firstSemanticCode;
  }
  return !file.isDeclarationFile && !file.fileName.includes("/node_modules/");
}

/** A diagnostic as a notebook shows it. */
export function cellError(typescript: TypeScript, diagnostic: ts.Diagnostic, cell: CellFile): CellError {
  const { file } = diagnostic;
  if (!file) throw new Error(`cellError: the diagnostic must have a file, got ${String(diagnostic.messageText)}`);
  const isCell = file.fileName === cell.path;
  const source = isCell ? file.text.slice(cell.prefix.length) : file.text;
  const start = Math.max(0, (diagnostic.start ?? 0) - (isCell ? cell.prefix.length : 0));
  const before = source.slice(0, start).split(/\r?\n/);
  const line = before.length;
  const column = (before.at(-1) ?? "").length + 1;
  const lineText = source.split(/\r?\n/)[line - 1] ?? "";
  const written = plainTypeNames(typescript.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
  const message = withRemedy(diagnostic.code, written);
  const indent = lineText.slice(0, column - 1).replace(/[^\t]/g, " ");
  const carets = "^".repeat(Math.max(1, Math.min(diagnostic.length ?? 1, lineText.length - column + 1)));
  const fileName = isCell ? undefined : relative(cell.folder, file.fileName);
  const place = fileName ? `${fileName}, line ${line}` : `line ${line}`;
  return {
    code: diagnostic.code,
    line,
    column,
    message,
    ...(fileName ? { file: fileName } : {}),
    text: `${place}:\n  ${lineText}\n  ${indent}${carets}\nTS${diagnostic.code}: ${message}`,
  };
}
