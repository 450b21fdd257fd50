import { isCompletedBy, type Judge } from "./judge.js";

const identifier = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
/** A variable, a member of it, or a magic. */
const name = String.raw`(%{0,2}${identifier}(?:\.${identifier})*)`;
const markBefore = new RegExp(String.raw`^[ \t]*(\?\??)[ \t]*${name}[ \t]*$`, "u");
const markBehind = new RegExp(String.raw`^[ \t]*${name}(\?\??)[ \t]*$`, "u");

/** A line that may ask for help. */
export interface HelpLine {
  /** The marks, one or two, and then the name. */
  readonly argument: string;
  /** Whether it is help there, or TypeScript that looks like it, such as a piece of `condition ? a : b`. */
  isHelp(before: string, after: readonly string[], judge: Judge): Promise<boolean>;
}

/** `name?` or `?name`, with two marks for more; `undefined` for lines that look different. */
export function helpLine(line: string): HelpLine | undefined {
  const [, behind, marksBehind] = markBehind.exec(line) ?? [];
  if (behind !== undefined) {
    const isHelp: HelpLine["isHelp"] = async (before, after, judge) =>
      !(await isCompletedBy(after, [before, line].join("\n"), judge));
    return { argument: `${marksBehind}${behind}`, isHelp };
  }
  const [, marksBefore, named] = markBefore.exec(line) ?? [];
  if (named === undefined) return undefined;
  // A cell that is being written may still get the `:` of `condition ? a : b`.
  const isHelp: HelpLine["isHelp"] = async (before, _after, judge) =>
    (await judge([before, line].join("\n"))) === "invalid";
  return { argument: `${marksBefore}${named}`, isHelp };
}
