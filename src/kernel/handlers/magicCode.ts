import type { Completion, Language } from "../language/index.js";
import { type Judge, knownMagics, withoutMagics } from "../magics/index.js";

/** A cell's TypeScript, every character at its place: its magics are blank. */
export function typeScriptOf(language: Language, code: string): Promise<string> {
  return withoutMagics(code, knownMagics, judgeOf(language));
}

/** What tells magics from TypeScript. */
export function judgeOf(language: Language): Judge {
  return async (code) => (await language.isComplete(code)).status;
}

/** Completes the name of a magic; `undefined` where the cursor is not in one. */
export function completeMagic(code: string, cursor: number): Completion | undefined {
  const before = code.slice(code.lastIndexOf("\n", cursor - 1) + 1, cursor);
  const [, start, mark, typed] = /^(\s*(?:\/\/\s*)?)(%%?)(\w*)$/.exec(before) ?? [];
  if (start === undefined || mark === undefined || typed === undefined) return undefined;
  const names = mark === "%%" ? [...knownMagics.cell, "time", "timeit"] : [...knownMagics.line];
  const matches = names
    .filter((name) => name.startsWith(typed))
    .sort()
    .map((name) => mark + name);
  const from = cursor - mark.length - typed.length;
  return { matches, items: matches.map((text) => ({ text, type: "magic" })), start: from, end: cursor };
}
