import { parsedName } from "./jsx.js";
import type { Completeness } from "./types.js";
import type { TypeScript, ts } from "./typescript.js";

/**
 * "*⁄ expected", "Unterminated template literal", "JSX element (fragment) has no corresponding closing tag": never at
 * the end of the code, yet more code can end them.
 */
const openedAndNeverClosed = new Set([1010, 1160, 17008, 17014]);
/** "Unterminated string literal" and "Unterminated regular expression literal": these end with their line. */
const endedByLine = new Set([1002, 1161]);

/** Whether the parser is content, wants more at the end of the code, or objects to something before the end. */
export function completeness(typescript: TypeScript, code: string): Completeness {
  // A module, like the cell: `await` is an operator.
  const before = "export {};\n";
  const file = typescript.createSourceFile(parsedName(typescript, code), before + code, typescript.ScriptTarget.Latest);
  const [first] = (file as ts.SourceFile & { parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
  const indent = () => indentAfter(typescript, code);
  if (!first) return awaitsBody(typescript, file) ? { status: "incomplete", indent: indent() } : { status: "complete" };
  // Where the last token ends; after it there is only white space and comments.
  const end = file.endOfFileToken.pos;
  if (endedByLine.has(first.code) || (!openedAndNeverClosed.has(first.code) && first.start < end)) {
    return { status: "invalid" };
  }
  return { status: "incomplete", indent: indent() };
}

/** `function f()` at the end: without a body it would be a signature of a function that is overloaded. */
function awaitsBody(typescript: TypeScript, file: ts.SourceFile): boolean {
  const last = file.statements.at(-1);
  if (!last || !typescript.isFunctionDeclaration(last) || last.body || file.text[last.end - 1] === ";") return false;
  return !last.modifiers?.some(({ kind }) => kind === typescript.SyntaxKind.DeclareKeyword);
}

/** Indentation of the last line, and two columns more if the line opens more brackets than it closes. */
function indentAfter(typescript: TypeScript, code: string): string {
  const line = code.trimEnd().split("\n").at(-1) ?? "";
  const current = /^\s*/.exec(line)?.[0] ?? "";
  const scanner = typescript.createScanner(typescript.ScriptTarget.Latest, true);
  scanner.setText(line);
  const { SyntaxKind } = typescript;
  const opening = new Set([SyntaxKind.OpenBraceToken, SyntaxKind.OpenParenToken, SyntaxKind.OpenBracketToken]);
  const closing = new Set([SyntaxKind.CloseBraceToken, SyntaxKind.CloseParenToken, SyntaxKind.CloseBracketToken]);
  let depth = 0;
  for (let token = scanner.scan(); token !== SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if ((opening as Set<ts.SyntaxKind>).has(token)) depth++;
    else if ((closing as Set<ts.SyntaxKind>).has(token) && depth > 0) depth--;
  }
  return depth > 0 ? `${current}  ` : current;
}
