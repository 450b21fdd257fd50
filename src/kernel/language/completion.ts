import { prefix, type Tslab } from "./tslabAdapter.js";
import type { Completion } from "./types.js";

/**
 * Completes at `cursor`. tslab's matches may begin differently or merely contain what was typed: those are left out,
 * because a front-end replaces what was typed by the match.
 */
export function complete(tslab: Tslab, declarations: string, code: string, cursor: number): Completion {
  const { start, end, original } = tslab.complete(declarations, code, cursor);
  const entries = original?.entries ?? [];
  // Names of files and modules: TypeScript says what they replace. It counts from the start of the virtual file.
  const span = entries.find((entry) => entry.replacementSpan)?.replacementSpan;
  const literal = original?.optionalReplacementSpan;
  const from = Math.min(cursor, span ? span.start - prefix.length : (literal?.start ?? start));
  const to = Math.max(
    cursor,
    span ? span.start - prefix.length + span.length : literal ? literal.start + literal.length : end,
  );
  const typed = code.slice(from, cursor);
  const seen = new Set<string>();
  const items = entries
    .filter(({ name }) => name.startsWith(typed) && !seen.has(name) && seen.add(name))
    .toSorted((a, b) => compare(a.sortText, b.sortText) || compare(a.name, b.name))
    .map(({ name, kind }) => ({ text: name, type: String(kind) }));
  return { matches: items.map(({ text }) => text), items, start: from, end: to };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
