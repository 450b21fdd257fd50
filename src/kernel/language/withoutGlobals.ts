import { isGlobalScope, namesOf } from "./declaredNames.js";
import { statementWithout } from "./statementWithout.js";
import type { TypeScript, ts } from "./typescript.js";

/** A piece of the text, and what is left of it. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly left: string;
}

/**
 * The declarations of earlier cells without what they have added to the global scope and a cell declares there again: types
 * would have to be the same otherwise, and an interface could not lose a mistake.
 */
export function withoutGlobals(typescript: TypeScript, declarations: string, code: string): string {
  if (!/\bdeclare\s+global\b/.test(code) || !/\bdeclare global\b/.test(declarations)) return declarations;
  const parse = (text: string) => typescript.createSourceFile("cell.ts", text, typescript.ScriptTarget.Latest, true);
  const again = globalsIn(typescript, parse(code));
  const names = new Set(
    again.filter((one) => !typescript.isInterfaceDeclaration(one)).flatMap((one) => namesOf(typescript, one)),
  );
  const members = new Set(again.flatMap((one) => membersOf(typescript, one).map(({ name }) => name)));
  const gone = globalsIn(typescript, parse(declarations)).flatMap((one): Piece[] => {
    if (namesOf(typescript, one).some((name) => names.has(name))) {
      const left = statementWithout(typescript, one, (name) => names.has(name));
      return [{ start: one.getStart(), end: one.end, left }];
    }
    return membersOf(typescript, one).filter(({ name }) => members.has(name));
  });
  return gone.reduceRight((text, { start, end, left }) => text.slice(0, start) + left + text.slice(end), declarations);
}

/** What a file adds to the global scope. */
function globalsIn(typescript: TypeScript, file: ts.SourceFile): ts.Statement[] {
  return file.statements.flatMap((statement) => {
    if (!isGlobalScope(typescript, statement)) return [];
    const { body } = statement as ts.ModuleDeclaration;
    return body && typescript.isModuleBlock(body) ? [...body.statements] : [];
  });
}

/** Members of an interface by its name and theirs, such as `Array.doubled`. */
function membersOf(typescript: TypeScript, statement: ts.Statement): (Piece & { readonly name: string })[] {
  if (!typescript.isInterfaceDeclaration(statement)) return [];
  return statement.members.flatMap(({ name, pos, end }) =>
    name ? [{ name: `${statement.name.text}.${name.getText()}`, start: pos, end, left: "" }] : [],
  );
}
