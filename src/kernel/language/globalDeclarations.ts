import { namesOf } from "./declaredNames.js";
import type { TypeScript, ts } from "./typescript.js";

/**
 * Moves what a cell only declares to be there, such as `declare const answer: number`, into the global scope: that is where
 * it is, and not among the variables of the cells.
 *
 * @param own declarations of the cell
 */
export function globalDeclarations(typescript: TypeScript, own: string, cell: ts.SourceFile): string {
  const ambient = new Set(
    cell.statements
      .filter((statement) => isAmbient(typescript, statement))
      .flatMap((statement) => namesOf(typescript, statement)),
  );
  if (ambient.size === 0) return own;
  const file = typescript.createSourceFile("declarations.d.ts", own, typescript.ScriptTarget.Latest, true);
  return file.statements
    .map((statement) => {
      const text = statement.getFullText();
      const isMoved =
        isValue(typescript, statement) && namesOf(typescript, statement).every((name) => ambient.has(name));
      return isMoved ? `\ndeclare global { ${text.trim().replace(/\bdeclare\s+/, "")} }` : text;
    })
    .join("")
    .concat("\n");
}

function isAmbient(typescript: TypeScript, statement: ts.Statement): boolean {
  const modifiers = typescript.canHaveModifiers(statement) ? typescript.getModifiers(statement) : undefined;
  const isDeclared = modifiers?.some(({ kind }) => kind === typescript.SyntaxKind.DeclareKeyword) ?? false;
  return isDeclared && isValue(typescript, statement);
}

function isValue(typescript: TypeScript, statement: ts.Statement): boolean {
  return (
    typescript.isVariableStatement(statement) ||
    typescript.isFunctionDeclaration(statement) ||
    typescript.isClassDeclaration(statement)
  );
}
