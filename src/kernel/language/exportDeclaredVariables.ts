import type { decodedMap, SourceMapSegment } from "@jridgewell/trace-mapping";
import type { TypeScript, ts } from "./typescript.js";

/** An ES module and its map with the mappings taken apart. */
export interface MappedModule {
  readonly javascript: string;
  readonly sourceMap: ReturnType<typeof decodedMap>;
}

/** A piece of text put into generated JavaScript; nothing on the line moves but what comes after it. */
interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/**
 * Turns `let x = 1; … export { x }` into `export let x = 1`. TypeScript's CommonJS output then keeps the variable in
 * `exports.x` alone, where it would otherwise keep a copy beside it: a later cell that assigns `x` would not reach the
 * functions of the earlier one. A `var` within a statement becomes an assignment of such a variable.
 *
 * @param module an ES module as tslab makes it: declarations, then one `export { … }`
 */
export function exportDeclaredVariables(typescript: TypeScript, module: MappedModule): MappedModule {
  const file = typescript.createSourceFile("cell.js", module.javascript, typescript.ScriptTarget.Latest, true);
  const list = file.statements.filter(typescript.isExportDeclaration).at(-1);
  if (!list?.exportClause || !typescript.isNamedExports(list.exportClause)) return module;
  const names = new Set(list.exportClause.elements.map((element) => element.name.text));
  const exported = new Set<string>();
  const insertions: Insertion[] = [];
  for (const statement of file.statements) {
    if (!typescript.isVariableStatement(statement) || statement.modifiers?.length) continue;
    const { declarations } = statement.declarationList;
    const declared = declarations.flatMap((declaration) => boundNames(typescript, declaration.name));
    // TypeScript's helpers and temporary variables stay local.
    if (!declared.every((name) => names.has(name))) continue;
    insertions.push({ offset: statement.getStart(file), text: "export " });
    for (const declaration of declarations) {
      // Nothing would be emitted for it, and `exports` may hold the variable of an earlier cell.
      if (!declaration.initializer) insertions.push({ offset: declaration.end, text: " = void 0" });
    }
    for (const name of declared) exported.add(name);
  }
  const within = assignWithin(typescript, file, names);
  const hoisted = within.names.filter((name) => !exported.has(name));
  const [first] = file.statements;
  if (first && hoisted.length > 0) {
    const declared = hoisted.map((name) => `${name} = void 0`).join(", ");
    // Before all else that is put there.
    insertions.unshift({ offset: first.getStart(file), text: `export let ${declared}; ` });
  }
  for (const name of hoisted) exported.add(name);
  insertions.push(...within.insertions);
  if (insertions.length === 0) return module;
  insertions.sort((a, b) => a.offset - b.offset);
  const remaining = `export { ${[...names].filter((name) => !exported.has(name)).join(", ")} };`;
  const { text } = within;
  const head = text.slice(0, list.getStart(file));
  const mappings = shiftColumns(module.sourceMap.mappings, insertions, (offset) =>
    file.getLineAndCharacterOfPosition(offset),
  );
  return {
    javascript: insert(head, insertions) + remaining + text.slice(list.end),
    sourceMap: { ...module.sourceMap, mappings },
  };
}

/**
 * Makes assignments of the `var`s within statements: the variables themselves are then declared before all else, once.
 *
 * @returns the text, as long as before; what is yet to be put into it; and the names
 */
function assignWithin(
  typescript: TypeScript,
  file: ts.SourceFile,
  exported: ReadonlySet<string>,
): { text: string; insertions: Insertion[]; names: string[] } {
  let { text } = file;
  const insertions: Insertion[] = [];
  const names = new Set<string>();
  const assign = (list: ts.VariableDeclarationList) => {
    const declared = list.declarations.flatMap((declaration) => boundNames(typescript, declaration.name));
    if (list.flags & typescript.NodeFlags.BlockScoped || !declared.every((name) => exported.has(name))) return;
    for (const name of declared) names.add(name);
    const start = list.getStart(file);
    // A statement that began with a brace would be a block.
    const isTarget = typescript.isForInStatement(list.parent) || typescript.isForOfStatement(list.parent);
    if (!isTarget) insertions.push({ offset: list.end, text: ")" });
    text = `${text.slice(0, start)}${isTarget ? "   " : "  ("}${text.slice(start + "var".length)}`;
  };
  const visit = (node: ts.Node): void => {
    if (typescript.isFunctionLike(node) || typescript.isClassLike(node)) return;
    if (typescript.isVariableDeclarationList(node)) assign(node);
    typescript.forEachChild(node, visit);
  };
  for (const statement of file.statements) if (!typescript.isVariableStatement(statement)) visit(statement);
  return { text, insertions, names: [...names] };
}

function boundNames(typescript: TypeScript, name: ts.BindingName): string[] {
  if (typescript.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    typescript.isOmittedExpression(element) ? [] : boundNames(typescript, element.name),
  );
}

function insert(text: string, insertions: readonly Insertion[]): string {
  let result = "";
  let from = 0;
  for (const { offset, text: inserted } of insertions) {
    result += text.slice(from, offset) + inserted;
    from = offset;
  }
  return result + text.slice(from);
}

function shiftColumns(
  mappings: MappedModule["sourceMap"]["mappings"],
  insertions: readonly Insertion[],
  position: (offset: number) => { line: number; character: number },
): SourceMapSegment[][] {
  const lines = [...mappings];
  for (const { offset, text } of insertions.toReversed()) {
    const { line, character } = position(offset);
    lines[line] = (lines[line] ?? []).map((segment) => shifted(segment, character, text.length));
  }
  return lines;
}

function shifted(segment: SourceMapSegment, from: number, by: number): SourceMapSegment {
  if (segment[0] < from) return segment;
  const moved = [...segment] as SourceMapSegment;
  moved[0] += by;
  return moved;
}
