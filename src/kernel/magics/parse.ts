import { helpLine } from "./helpLine.js";
import { goesOn, type Judge } from "./judge.js";

/** TypeScript between the magics of a cell. */
export interface CodeSegment {
  readonly type: "code";
  /** With blanks for all that comes before, so that lines and columns are those of the cell. */
  readonly code: string;
  /** Asks for its time. */
  readonly measure?: "time" | "timeit";
}

/** A magic: `%name argument`, or `%%name argument` with the rest of the cell as its body. */
export interface MagicSegment {
  readonly type: "magic";
  readonly name: string;
  readonly argument: string;
  /** The rest of the cell; only of `%%` magics. */
  readonly body?: string;
}

export type Segment = CodeSegment | MagicSegment;

/** What a cell is searched for. */
export interface KnownMagics {
  readonly line: ReadonlySet<string>;
  readonly cell: ReadonlySet<string>;
}

const magicLine = /^([ \t]*)(\/\/[ \t]*)?(%%?)([A-Za-z]\w*)(?:[ \t]+(.*))?$/;

/**
 * Takes a cell apart into TypeScript and magics. A magic is a line of its own that begins with `%` or, so that the cell
 * stays valid TypeScript, with `// %`; `%%` is for the first line. A comment that names no magic is a comment, and `%` in
 * the middle of an expression, a template or a comment is what it is there.
 */
export async function parseCell(code: string, known: KnownMagics, judge: Judge): Promise<Segment[]> {
  if (!/[%?]/.test(code)) return [{ type: "code", code }];
  const lines = code.split("\n");
  const whole = cellMagic(lines, known);
  if (whole) return [whole];
  const segments: Segment[] = [];
  let pending: string[] = [];
  /** Measures what is pending: the statement that begins in its own line, or all that follows. */
  let timing: FoundMagic | undefined;
  const flush = () => {
    const measure = timing && measureOf(timing);
    if (!isBlank(pending)) segments.push({ type: "code", code: pending.join("\n"), ...(measure && { measure }) });
    pending = pending.map(() => "");
  };
  for (const [index, line] of lines.entries()) {
    if (timing?.isForLine && !(await goesOn(pending.join("\n"), lines.slice(index), judge))) {
      flush();
      timing = undefined;
    }
    const magic = await lineMagic(lines, index, pending, known, judge);
    if (!magic) {
      pending.push(line);
      continue;
    }
    flush();
    const { type, name, argument } = magic;
    if (!measureOf(magic)) segments.push({ type, name, argument });
    // It says itself that there is nothing.
    else if (isBlank([magic.code, ...lines.slice(index + 1)])) segments.push({ type, name, argument });
    else timing = magic;
    pending.push(magic.code);
  }
  flush();
  // A cell of comments alone is run, too: it says so by its number.
  return segments.length > 0 ? segments : [{ type: "code", code }];
}

/** The cell with every magic blanked, character by character, for completion and the like. */
export async function withoutMagics(code: string, known: KnownMagics, judge: Judge): Promise<string> {
  if (!/[%?]/.test(code)) return code;
  const lines = code.split("\n");
  if (cellMagic(lines, known)) return code.replace(/[^\n]/g, " ");
  const kept: string[] = [];
  for (const [index, line] of lines.entries()) {
    const magic = await lineMagic(lines, index, kept, known, judge);
    kept.push(magic ? magic.code.padStart(line.length) : line);
  }
  return kept.join("\n");
}

interface FoundMagic extends MagicSegment {
  /** What it measures of its own line, at its columns; empty if nothing. */
  readonly code: string;
  /** Whether it measures that alone, and not all that follows. */
  readonly isForLine: boolean;
  /** Whether it is written as one. */
  readonly isComment: boolean;
}

function measureOf({ name }: { readonly name: string }): "time" | "timeit" | undefined {
  return name === "time" || name === "timeit" ? name : undefined;
}

/** @param before what of the lines above is TypeScript */
async function lineMagic(
  lines: readonly string[],
  index: number,
  before: readonly string[],
  known: KnownMagics,
  judge: Judge,
): Promise<FoundMagic | undefined> {
  const line = lines[index] ?? "";
  const help = helpLine(line);
  const magic = help ? undefined : magicCall(line, index === firstLine(lines), known);
  if (!help && !magic) return undefined;
  const code = before.join("\n");
  const after = lines.slice(index + 1);
  // A comment may stand within a statement that could also end above it.
  const isWithin = magic?.isComment ? await goesOn(code, after, judge) : (await judge(code)) === "incomplete";
  if (isWithin) return undefined;
  if (!help) return magic;
  if (!(await help.isHelp(code, after, judge))) return undefined;
  return { type: "magic", name: "help", argument: help.argument, code: "", isForLine: false, isComment: false };
}

function magicCall(line: string, isFirst: boolean, known: KnownMagics): FoundMagic | undefined {
  const [, , comment, mark, name = "", text = ""] = magicLine.exec(line) ?? [];
  if (mark === undefined) return undefined;
  const isComment = comment !== undefined;
  const measures = measureOf({ name }) !== undefined;
  // `// %%time` may stand anywhere; other `%%` magics are for the first line.
  if (mark === "%%" && !(measures && (isComment || isFirst))) return undefined;
  if (isComment && !known.line.has(name)) return undefined;
  const code = measures && text.trim() !== "" ? text.padStart(line.length) : "";
  return { type: "magic", name, argument: text.trim(), code, isForLine: mark === "%" && code !== "", isComment };
}

function isBlank(lines: readonly string[]): boolean {
  return lines.every((line) => line.trim() === "");
}

/** The first line that is not blank. */
function firstLine(lines: readonly string[]): number {
  return lines.findIndex((line) => line.trim() !== "");
}

/** `%%name` at the top: the rest of the cell is its body. What `%%time` measures is TypeScript. */
function cellMagic(lines: readonly string[], known: KnownMagics): MagicSegment | undefined {
  const first = firstLine(lines);
  const [, , comment, mark, name = "", argument = ""] = magicLine.exec(lines[first] ?? "") ?? [];
  if (mark !== "%%" || measureOf({ name })) return undefined;
  if (comment !== undefined && !known.cell.has(name)) return undefined;
  return { type: "magic", name, argument: argument.trim(), body: lines.slice(first + 1).join("\n") };
}
