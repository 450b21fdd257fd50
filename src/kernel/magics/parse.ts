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
/** `?name` and `name?`, with two marks for more. */
const helpLine = /^[ \t]*(?:(\?\??)[ \t]*([\w$.%]+)|([\w$.]+)(\?\??))[ \t]*$/;

/** Whether TypeScript that ends here goes on in the next line. */
type IsOpen = (code: string) => Promise<boolean>;

/**
 * Takes a cell apart into TypeScript and magics. A magic is a line of its own that begins with `%` or, so that the cell
 * stays valid TypeScript, with `// %`; `%%` is for the first line. A comment that names no magic is a comment, and `%` in
 * the middle of an expression, a template or a comment is what it is there.
 */
export async function parseCell(code: string, known: KnownMagics, isOpen: IsOpen): Promise<Segment[]> {
  if (!/[%?]/.test(code)) return [{ type: "code", code }];
  const lines = code.split("\n");
  const whole = cellMagic(lines, known);
  if (whole) return [whole];
  const segments: Segment[] = [];
  let pending: string[] = [];
  const flush = () => {
    if (pending.some((line) => line.trim() !== "")) segments.push({ type: "code", code: pending.join("\n") });
    pending = pending.map(() => "");
  };
  for (const [index, line] of lines.entries()) {
    const magic = await lineMagic(line, known, () => isOpen(pending.join("\n")));
    if (!magic) {
      pending.push(line);
      continue;
    }
    flush();
    const { code: measured, ...segment } = magic;
    const measure = measureOf(segment);
    if (!measure) segments.push(segment);
    else if (measured !== "") {
      const padded = " ".repeat(line.length - measured.length) + measured;
      segments.push({ type: "code", code: [...pending, padded].join("\n"), measure });
    } else {
      // Without code of its own it measures what follows.
      segments.push({ type: "code", code: [...pending, "", ...lines.slice(index + 1)].join("\n"), measure });
      return segments;
    }
    pending.push("");
  }
  flush();
  // A cell of comments alone is run, too: it says so by its number.
  return segments.length > 0 ? segments : [{ type: "code", code }];
}

/** The cell with every magic blanked, character by character, for completion and the like. */
export async function withoutMagics(code: string, known: KnownMagics, isOpen: IsOpen): Promise<string> {
  if (!/[%?]/.test(code)) return code;
  const lines = code.split("\n");
  const kept: string[] = [];
  const whole = cellMagic(lines, known);
  if (whole?.type === "magic") return code.replace(/[^\n]/g, " ");
  // `%%time`: what it measures is TypeScript.
  if (whole) lines[firstLine(lines)] = (lines[firstLine(lines)] ?? "").replace(/./g, " ");
  for (const line of lines) {
    const magic = await lineMagic(line, known, () => isOpen(kept.join("\n")));
    const rest = magic && measureOf(magic) ? magic.code : "";
    kept.push(magic ? " ".repeat(line.length - rest.length) + rest : line);
  }
  return kept.join("\n");
}

/** `code` is the argument with the white space behind it, and none for magics in comments. */
type FoundMagic = MagicSegment & { readonly code: string };

function measureOf({ name }: { readonly name: string }): "time" | "timeit" | undefined {
  return name === "time" || name === "timeit" ? name : undefined;
}

async function lineMagic(
  line: string,
  known: KnownMagics,
  isInside: () => Promise<boolean>,
): Promise<FoundMagic | undefined> {
  const found = helpCall(line) ?? magicCall(line, known);
  if (!found || (await isInside())) return undefined;
  return { type: "magic", ...found };
}

function helpCall(line: string) {
  const [, before, after, name, behind] = helpLine.exec(line) ?? [];
  const marks = before ?? behind;
  return marks === undefined ? undefined : { name: "help", argument: `${marks}${after ?? name}`, code: "" };
}

function magicCall(line: string, known: KnownMagics) {
  const [, , comment, mark, name = "", code = ""] = magicLine.exec(line) ?? [];
  if (mark === undefined) return undefined;
  const isComment = comment !== undefined;
  // `// %%time` may stand anywhere; other `%%` magics are for the first line.
  if (mark === "%%" && !(isComment && measureOf({ name }))) return undefined;
  if (isComment && !known.line.has(name)) return undefined;
  return { name, argument: code.trim(), code: isComment ? "" : code };
}

/** The first line that is not blank. */
function firstLine(lines: readonly string[]): number {
  return lines.findIndex((line) => line.trim() !== "");
}

/** `%%name` at the top: the rest of the cell is its body. */
function cellMagic(lines: readonly string[], known: KnownMagics): Segment | undefined {
  const first = firstLine(lines);
  const [, , comment, mark, name = "", argument = ""] = magicLine.exec(lines[first] ?? "") ?? [];
  if (mark !== "%%") return undefined;
  const measure = measureOf({ name });
  const body = lines.slice(first + 1).join("\n");
  if (measure) return { type: "code", code: `${"\n".repeat(first + 1)}${body}`, measure };
  if (comment !== undefined && !known.cell.has(name)) return undefined;
  return { type: "magic", name, argument: argument.trim(), body };
}
