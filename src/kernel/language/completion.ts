import { declaredNames } from "./declaredNames.js";
import { namespaceName } from "./earlierTypes.js";
import { ownModules } from "./moduleResolution.js";
import { afterDirectory, directoryOf, filesAt, type LiteralPlace, literalAt } from "./pathCompletion.js";
import { prefix, type Tslab } from "./tslabAdapter.js";
import type { Completion } from "./types.js";

/** A proposal of TypeScript's. */
interface Entry {
  readonly name: string;
  readonly kind: string;
  readonly sortText: string;
  readonly isRecommended?: true | undefined;
}

/** TypeScript's `sortText` of what is near, and of what is global, as it takes the names of earlier cells to be. */
const [near, everywhere] = ["11", "15"];

/**
 * Completes at `cursor`. tslab's matches may begin differently or merely contain what was typed: those are left out,
 * because a front-end replaces what was typed by the match.
 *
 * @param folder where paths in strings begin
 */
export function complete(
  tslab: Tslab,
  folder: string,
  { declarations, code, cursor }: { declarations: string; code: string; cursor: number },
): Completion {
  const literal = literalAt(tslab.typescript, code, cursor);
  if (literal?.isModule) return completeModule(tslab, literal, { declarations, code, cursor });
  const { start, end, original } = tslab.complete(declarations, code, cursor);
  const entries = original?.entries ?? [];
  if (literal && entries.length === 0) return completeFile(folder, literal, { code, cursor });
  // Of literals TypeScript says what they replace. It counts from the start of the virtual file.
  const span = entries.find((entry) => entry.replacementSpan)?.replacementSpan;
  const content = original?.optionalReplacementSpan;
  const from = Math.min(cursor, span ? span.start - prefix.length : (content?.start ?? start));
  const to = Math.max(
    cursor,
    span ? span.start - prefix.length + span.length : content ? content.start + content.length : end,
  );
  const earlier = declaredNames(tslab.typescript, declarations);
  const ranked = entries
    .filter(({ name }) => !namespaceName.test(name))
    .map((entry): Entry => {
      const { name, kind, sortText, isRecommended } = entry;
      const isNear = sortText === everywhere && earlier.has(name);
      return { name, kind, sortText: isNear ? near : sortText, isRecommended };
    });
  return chosen(ranked, code.slice(from, cursor), { start: from, end: to });
}

/** The name of a module: of a package, of Node, of this package, or the path of a local file. */
function completeModule(
  tslab: Tslab,
  { start, end }: LiteralPlace,
  { declarations, code, cursor }: { declarations: string; code: string; cursor: number },
): Completion {
  const directory = directoryOf(code.slice(start, cursor));
  // TypeScript goes by the whole literal: what stands behind the cursor must not count.
  const { original } = tslab.complete(declarations, code.slice(0, cursor) + code.slice(end), cursor);
  // `node` is the package of Node's types, and no module.
  const found = (original?.entries ?? []).filter(({ name }) => directory !== "" || name !== "node");
  const own = directory === "" ? ownModules.map((name) => ({ name, kind: "module", sortText: "" })) : [];
  const entries = found.map(({ kind, name, sortText }) => ({ name: afterDirectory(name, directory), kind, sortText }));
  const from = start + directory.length;
  return chosen([...own, ...entries], code.slice(from, cursor), { start: from, end });
}

/** A path in a string. */
function completeFile(
  folder: string,
  { start, end }: LiteralPlace,
  { code, cursor }: { code: string; cursor: number },
): Completion {
  const typed = code.slice(start, cursor);
  const from = start + directoryOf(typed).length;
  const entries = filesAt(folder, typed).map((file) => ({ ...file, sortText: "" }));
  return chosen(entries, code.slice(from, cursor), { start: from, end });
}

/** The entries that begin with what was typed, in TypeScript's order. */
function chosen(entries: readonly Entry[], typed: string, place: { start: number; end: number }): Completion {
  const seen = new Set<string>();
  const items = entries
    .filter(({ name }) => name.startsWith(typed) && !seen.has(name) && seen.add(name))
    .toSorted((a, b) => compare(rank(a), rank(b)) || compare(a.name, b.name))
    .map(({ name, kind }) => ({ text: name, type: String(kind) }));
  return { matches: items.map(({ text }) => text), items, ...place };
}

/** What TypeScript recommends comes first: the enum where one of its members is expected. */
function rank({ sortText, isRecommended }: Entry): string {
  return isRecommended ? "" : sortText;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
