import type { Completion, Language } from "../language/index.js";
import { type Judge, knownMagics, withoutMagics } from "../magics/index.js";

/** What `%engine` takes: the engines of `kontrast`, which the kernel itself does not load. */
export const engineWords = ["auto", "torch", "tensorflow", "webgpu", "wasm"] as const;

/** Magics whose argument is TypeScript. */
const measuring: ReadonlySet<string> = new Set(["time", "timeit"]);

/** A cell's TypeScript, every character at its place: its magics are blank. */
export function typeScriptOf(language: Language, code: string): Promise<string> {
  return withoutMagics(code, knownMagics, judgeOf(language));
}

/** What tells magics from TypeScript. */
export function judgeOf(language: Language): Judge {
  return async (code) => (await language.isComplete(code)).status;
}

/** Whether the cell is one line that needs more of them: `%%html` and the like. */
export function awaitsBody(code: string): boolean {
  const [, name = ""] = /^(?:\/\/[ \t]*)?%%(\w+)[^\n]*$/.exec(code.trim()) ?? [];
  return knownMagics.cell.has(name) || measuring.has(name);
}

/** Completes a cell: the name of a magic, what a magic takes, or TypeScript. */
export async function completeCell(language: Language, code: string, cursor: number): Promise<Completion> {
  const found = magicName(code, cursor);
  if (found) return found;
  const typeScript = await typeScriptOf(language, code);
  const lineStart = code.lastIndexOf("\n", cursor - 1) + 1;
  const before = code.slice(lineStart, cursor);
  const isBlanked = before.trim() !== "" && typeScript.slice(lineStart, cursor).trim() === "";
  const [, name = ""] = /^\s*(?:\/\/\s*)?%%?(\w+)/.exec(before) ?? [];
  if (!isBlanked || measuring.has(name)) return language.complete(typeScript, cursor);
  const [asked] = /^[ \t]*\?\??/.exec(before) ?? [];
  const typed = /\S*$/.exec(before)?.[0] ?? "";
  if (asked === undefined) return among(name === "engine" ? engineArguments(before) : [], typed, cursor);
  // `?name`: what is asked about is TypeScript.
  const question = " ".repeat(asked.length) + before.slice(asked.length);
  return language.complete(typeScript.slice(0, lineStart) + question + typeScript.slice(cursor), cursor);
}

/** Completes the name of a magic; `undefined` where the cursor is not in one. */
function magicName(code: string, cursor: number): Completion | undefined {
  const before = code.slice(code.lastIndexOf("\n", cursor - 1) + 1, cursor);
  const [, mark, typed] = /^\s*(?:\/\/\s*)?(%%?)(\w*)$/.exec(before) ?? [];
  if (mark === undefined || typed === undefined) return undefined;
  const names = mark === "%%" ? [...knownMagics.cell, ...measuring] : [...knownMagics.line];
  return among(
    names.sort().map((name) => mark + name),
    mark + typed,
    cursor,
  );
}

/** An engine, and then where torch computes. */
function engineArguments(before: string): readonly string[] {
  const [, ...words] = before
    .trimStart()
    .split(/\s+/)
    .slice(before.trimStart().startsWith("//") ? 1 : 0);
  if (words.length === 1) return engineWords;
  return words.length === 2 && words[0] === "torch" ? ["cpu", "cuda"] : [];
}

/** The words that begin with what was typed before the cursor. */
function among(words: readonly string[], typed: string, cursor: number): Completion {
  const matches = words.filter((word) => word.startsWith(typed));
  return {
    matches,
    items: matches.map((text) => ({ text, type: "magic" })),
    start: cursor - typed.length,
    end: cursor,
  };
}
