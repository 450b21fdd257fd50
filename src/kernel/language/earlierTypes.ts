import { namesOf } from "./declaredNames.js";
import type { TypeScript, ts } from "./typescript.js";

/** Declarations of types: what a cell may declare again while variables of earlier cells still have the type. */
type TypeDeclaration =
  | ts.ClassDeclaration
  | ts.EnumDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.ModuleDeclaration;

/** A name of a type, and where it stands. */
interface Reference {
  readonly name: string;
  readonly start: number;
}

/** The namespaces of {@link keepEarlierTypes}. */
export const namespaceName = /^__earlier(\d+)__$/;

/** What a cell has found, what it leaves to the next, and the names that it declares itself. */
export interface Carried {
  readonly before: string;
  readonly after: string;
  readonly declared: { has(name: string): boolean };
}

/**
 * Lets variables of earlier cells keep their types where a cell declares such a type again: tslab carries types by name,
 * and `point` of a former `class Point` would pass for one of the new. The former declarations go into a namespace
 * `__earlier1__`. Functions take the new type: that is why one changes a type and runs its cell again.
 */
export function keepEarlierTypes(typescript: TypeScript, { before, after, declared }: Carried): string {
  const parse = (text: string) =>
    typescript.createSourceFile("declarations.d.ts", text, typescript.ScriptTarget.Latest, true);
  const former = parse(before);
  const formerTypes = typesByName(typescript, former);
  const again = [...formerTypes.keys()].filter((name) => declared.has(name));
  if (again.length === 0) return after;
  const latter = parse(after);
  const latterTypes = typesByName(typescript, latter);
  const changed = new Set(again.filter((name) => textOf(formerTypes.get(name)) !== textOf(latterTypes.get(name))));
  if (changed.size === 0) return after;
  addAffected(typescript, changed, formerTypes);
  const references = latter.statements
    .filter((statement) => !namesOf(typescript, statement).some((name) => declared.has(name)))
    .flatMap((statement) => referencesToKeep(typescript, statement))
    .filter(({ name }) => changed.has(name));
  if (references.length === 0) return after;
  const moved = new Set(references.map(({ name }) => name));
  // A set that grows while it is walked through is walked through to its end.
  for (const name of moved) {
    const all = (formerTypes.get(name) ?? []).flatMap((one) => referencesIn(typescript, one, () => false));
    for (const { name: other } of all) if (changed.has(other)) moved.add(other);
  }
  const namespace = freshNamespace(former, latter);
  const texts = [...moved].flatMap((name) => formerTypes.get(name) ?? []).map((one) => one.getFullText().trim());
  return `${qualified(after, references, namespace)}declare namespace ${namespace} {\n${texts.join("\n")}\n}\n`;
}

/** Whether nothing but this statement itself still needs it: a namespace of former types that no variable has any more. */
export function isForgotten(typescript: TypeScript, statement: ts.Statement, others: string): boolean {
  const [name = ""] = namesOf(typescript, statement);
  return namespaceName.test(name) && !others.includes(`${name}.`);
}

function typesByName(typescript: TypeScript, file: ts.SourceFile): Map<string, TypeDeclaration[]> {
  const found = new Map<string, TypeDeclaration[]>();
  for (const statement of file.statements) {
    if (!isTypeDeclaration(typescript, statement)) continue;
    const [name = ""] = namesOf(typescript, statement);
    if (namespaceName.test(name)) continue;
    found.set(name, [...(found.get(name) ?? []), statement]);
  }
  return found;
}

function isTypeDeclaration(typescript: TypeScript, statement: ts.Statement): statement is TypeDeclaration {
  return (
    typescript.isClassDeclaration(statement) ||
    typescript.isEnumDeclaration(statement) ||
    typescript.isInterfaceDeclaration(statement) ||
    typescript.isTypeAliasDeclaration(statement) ||
    typescript.isModuleDeclaration(statement)
  );
}

function textOf(declarations: readonly ts.Node[] | undefined): string {
  return (declarations ?? []).map((one) => one.getText()).join("\n");
}

/** Adds the types that hold one of the changed types: a run that has a model. */
function addAffected(
  typescript: TypeScript,
  changed: Set<string>,
  types: ReadonlyMap<string, readonly TypeDeclaration[]>,
): void {
  const skips = (node: ts.Node) => typescript.isFunctionLike(node) || isBase(typescript, node);
  const holds = (declarations: readonly TypeDeclaration[]) =>
    declarations.some((one) => referencesIn(typescript, one, skips).some((r) => changed.has(r.name)));
  for (let size = -1; size !== changed.size; ) {
    size = changed.size;
    for (const [name, declarations] of types) if (!changed.has(name) && holds(declarations)) changed.add(name);
  }
}

/** A class keeps the base that it was made with. */
function isBase(typescript: TypeScript, node: ts.Node): boolean {
  if (!typescript.isHeritageClause(node) || !typescript.isClassDeclaration(node.parent)) return false;
  return node.token === typescript.SyntaxKind.ExtendsKeyword;
}

/** References of a statement that goes on meaning what it meant: of a variable, a class's base, or former types. */
function referencesToKeep(typescript: TypeScript, statement: ts.Statement): Reference[] {
  if (typescript.isVariableStatement(statement)) {
    return referencesIn(typescript, statement, typescript.isFunctionLike);
  }
  if (typescript.isClassDeclaration(statement)) {
    return (statement.heritageClauses ?? [])
      .filter((clause) => isBase(typescript, clause))
      .flatMap((clause) => referencesIn(typescript, clause, () => false));
  }
  const [name = ""] = namesOf(typescript, statement);
  if (!typescript.isModuleDeclaration(statement) || !namespaceName.test(name)) return [];
  const body = statement.body && typescript.isModuleBlock(statement.body) ? statement.body.statements : [];
  const own = new Set(body.flatMap((inner) => namesOf(typescript, inner)));
  return referencesIn(typescript, statement, () => false).filter((reference) => !own.has(reference.name));
}

/** Names of types in a node, the first name of qualified ones, except in what is skipped. */
export function referencesIn(typescript: TypeScript, node: ts.Node, skips: (node: ts.Node) => boolean): Reference[] {
  const found: Reference[] = [];
  const add = (name: ts.Node) => {
    let first = name;
    while (typescript.isQualifiedName(first) || typescript.isPropertyAccessExpression(first)) {
      first = typescript.isQualifiedName(first) ? first.left : first.expression;
    }
    if (typescript.isIdentifier(first)) found.push({ name: first.text, start: first.getStart() });
  };
  const visit = (inner: ts.Node): void => {
    if (skips(inner)) return;
    if (typescript.isTypeReferenceNode(inner)) add(inner.typeName);
    else if (typescript.isTypeQueryNode(inner)) add(inner.exprName);
    else if (typescript.isExpressionWithTypeArguments(inner)) add(inner.expression);
    // A member of an enum: `declare const color = Color.Red`.
    else if (typescript.isVariableDeclaration(inner) && inner.initializer) add(inner.initializer);
    typescript.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

function freshNamespace(...files: readonly ts.SourceFile[]): string {
  const numbers = files.flatMap(({ text }) =>
    [...text.matchAll(/__earlier(\d+)__/g)].map(([, number]) => Number(number)),
  );
  return `__earlier${Math.max(0, ...numbers) + 1}__`;
}

function qualified(text: string, references: readonly Reference[], namespace: string): string {
  let result = text;
  for (const { start } of references.toSorted((a, b) => b.start - a.start)) {
    result = `${result.slice(0, start)}${namespace}.${result.slice(start)}`;
  }
  return result;
}
