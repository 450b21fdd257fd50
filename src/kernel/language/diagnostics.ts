import { relative } from "node:path";
import type { CellError } from "./types.js";
import type { TypeScript, ts } from "./typescript.js";

/** Where a cell's text begins in the virtual file, and what the user called it. */
export interface CellFile {
  readonly path: string;
  readonly prefix: string;
  readonly folder: string;
  /** Accept all that can be parsed: the cell says `@ts-nocheck`. */
  readonly noCheck: boolean;
}

/** The errors among the compiler's diagnostics, in the order of their places, as a notebook shows them. */
export function cellErrors(
  typescript: TypeScript,
  diagnostics: readonly ts.Diagnostic[],
  cell: CellFile,
): readonly CellError[] {
  const errors: CellError[] = [];
  for (const diagnostic of diagnostics) {
    if (diagnostic.category !== typescript.DiagnosticCategory.Error) continue;
    if (!diagnostic.file || !isShown(diagnostic, diagnostic.file, cell)) continue;
    errors.push(cellError(typescript, diagnostic, diagnostic.file, cell));
  }
  return errors;
}

/** TypeScript numbers the grammar from 1000 to 1999, and what follows from types from 2000. */
const firstSemanticCode = 2000;
const unusedBeforeComma = 2695;

function isShown(diagnostic: ts.Diagnostic, file: ts.SourceFile, cell: CellFile): boolean {
  if (diagnostic.code === unusedBeforeComma) return false;
  if (file.fileName === cell.path) return !cell.noCheck || diagnostic.code < firstSemanticCode;
  return !relative(cell.folder, file.fileName).startsWith("..");
}

function cellError(typescript: TypeScript, diagnostic: ts.Diagnostic, file: ts.SourceFile, cell: CellFile): CellError {
  const isCell = file.fileName === cell.path;
  const source = isCell ? file.text.slice(cell.prefix.length) : file.text;
  const start = Math.max(0, (diagnostic.start ?? 0) - (isCell ? cell.prefix.length : 0));
  const before = source.slice(0, start).split(/\r?\n/);
  const line = before.length;
  const column = (before.at(-1) ?? "").length + 1;
  const lineText = source.split(/\r?\n/)[line - 1] ?? "";
  const message = typescript.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
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
