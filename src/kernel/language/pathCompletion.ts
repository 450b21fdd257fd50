import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parsedName } from "./jsx.js";
import type { TypeScript, ts } from "./typescript.js";

/** The string literal that the cursor is in; its text is between the quotes. */
export interface LiteralPlace {
  readonly start: number;
  readonly end: number;
  /** Names a module: `from "…"`, `import("…")`, `require("…")`. */
  readonly isModule: boolean;
}

/** A proposal, and TypeScript's word for what it is. */
interface Named {
  readonly name: string;
  readonly kind: string;
}

/** The string literal around the cursor, closed or not. */
export function literalAt(typescript: TypeScript, code: string, cursor: number): LiteralPlace | undefined {
  const file = typescript.createSourceFile(parsedName(typescript, code), code, typescript.ScriptTarget.Latest, true);
  let found: LiteralPlace | undefined;
  const visit = (node: ts.Node): void => {
    if (cursor <= node.pos || cursor > node.end) return;
    if (typescript.isStringLiteralLike(node)) {
      const start = node.getStart(file) + 1;
      const isClosed = node.end > start && code[node.end - 1] === code[start - 1];
      const end = isClosed ? node.end - 1 : node.end;
      if (cursor >= start && cursor <= end) found = { start, end, isModule: namesModule(typescript, node) };
      return;
    }
    typescript.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function namesModule(typescript: TypeScript, { parent }: ts.Node): boolean {
  if (typescript.isCallExpression(parent)) {
    const { expression } = parent;
    const isRequire = typescript.isIdentifier(expression) && expression.text === "require";
    return isRequire || expression.kind === typescript.SyntaxKind.ImportKeyword;
  }
  if (typescript.isLiteralTypeNode(parent)) return typescript.isImportTypeNode(parent.parent);
  return (
    typescript.isImportDeclaration(parent) ||
    typescript.isExportDeclaration(parent) ||
    typescript.isExternalModuleReference(parent)
  );
}

/** The folder in a path that is being typed: `./data/` of `./data/tr`. */
export function directoryOf(typed: string): string {
  return typed.slice(0, typed.lastIndexOf("/") + 1);
}

/** A module's name as it goes on after `directory`: TypeScript gives some of a package's own paths whole. */
export function afterDirectory(name: string, directory: string): string {
  const parts = name.split("/");
  for (let count = parts.length - 1; count > 0; count--) {
    if (`/${directory}`.endsWith(`/${parts.slice(0, count).join("/")}/`)) return parts.slice(count).join("/");
  }
  return name;
}

/** Files and folders that a path such as `./da` or `/tmp/` may go on with; nothing where it does not look like one. */
export function filesAt(folder: string, typed: string): Named[] {
  if (!/^\.{0,2}\//.test(typed)) return [];
  const showsHidden = typed.slice(directoryOf(typed).length).startsWith(".");
  try {
    const entries = readdirSync(resolve(folder, directoryOf(typed)), { withFileTypes: true });
    return entries
      .filter(({ name }) => showsHidden || !name.startsWith("."))
      .map((entry) =>
        entry.isDirectory() ? { name: `${entry.name}/`, kind: "directory" } : { name: entry.name, kind: "file" },
      );
  } catch {
    return []; // no such folder, or not ours to read
  }
}
