import { namesOf } from "./declaredNames.js";
import { referencesIn } from "./earlierTypes.js";
import { statementWithout } from "./statementWithout.js";
import type { TypeScript, ts } from "./typescript.js";

/** What later cells see now, what they saw before a cell, and the names that it declares and has not come to. */
export interface Withdrawal {
  readonly now: string;
  readonly before: string;
  readonly names: readonly string[];
}

/**
 * Takes back what a cell that failed has declared and not come to: such names mean again what they meant before it, or
 * nothing. One that the type of something else refers to stays.
 */
export function withdrawNames(typescript: TypeScript, { now, before, names }: Withdrawal): string {
  const parse = (text: string) =>
    typescript.createSourceFile("declarations.d.ts", text, typescript.ScriptTarget.Latest, true);
  const [latter, former] = [parse(now), parse(before)];
  const gone = new Set(names);
  const isGone = (statement: ts.Statement) => {
    const declared = namesOf(typescript, statement);
    return declared.length > 0 && declared.every((name) => gone.has(name));
  };
  for (let size = -1; size !== gone.size; ) {
    size = gone.size;
    const kept = latter.statements.filter((statement) => !isGone(statement));
    for (const { name } of kept.flatMap((one) => referencesIn(typescript, one, () => false))) {
      if (!kept.some((statement) => namesOf(typescript, statement).includes(name))) gone.delete(name);
    }
  }
  const left = latter.statements.map((statement) => statementWithout(typescript, statement, (name) => gone.has(name)));
  const isChanged = (name: string) =>
    !gone.has(name) && textOf(typescript, former, name) !== textOf(typescript, latter, name);
  const again = former.statements.map((statement) => {
    const names = namesOf(typescript, statement).filter((name) => gone.has(name));
    if (names.length === 0) return "";
    // Its types may have been declared again, and the former ones be gone.
    const isUncertain = referencesIn(typescript, statement, () => false).some(({ name }) => isChanged(name));
    if (isUncertain) return names.map((name) => `declare let ${name}: any;\n`).join("");
    return statementWithout(typescript, statement, (name) => !gone.has(name));
  });
  return [...left, ...again].join("");
}

/** Text of all that declares a name. */
function textOf(typescript: TypeScript, file: ts.SourceFile, name: string): string {
  return file.statements
    .filter((statement) => namesOf(typescript, statement).includes(name))
    .map((statement) => statement.getText())
    .join("\n");
}
