import type { ts } from "./typescript.js";

type Imports = readonly ts.StringLiteralLike[] | undefined;

/**
 * Makes the file of carried declarations list each module that it mentions once, in alphabetical order. TypeScript lists
 * every `import("module").Type`; any change of the list makes it walk through all files of the program again, 850 with
 * tfjs, and nearly every cell adds a variable with such a type.
 */
export function listImportsOnce(file: ts.SourceFile): void {
  if (Object.getOwnPropertyDescriptor(file, "imports")?.set) return;
  let held: Imports;
  // `imports` is internal: the program fills it when it first meets the file.
  Object.defineProperty(file, "imports", {
    configurable: true,
    enumerable: true,
    get: () => held,
    set(imports: Imports) {
      const byText = new Map((imports ?? []).map((literal) => [literal.text, literal]));
      held = imports && [...byText.values()].toSorted((a, b) => (a.text < b.text ? -1 : 1));
    },
  });
}
