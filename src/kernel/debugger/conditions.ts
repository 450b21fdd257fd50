import { logMessageParts } from "./logMessages.js";
import type { SourceBreakpoint } from "./protocol.js";
import { hooks } from "./variables.js";

/**
 * What V8 is to evaluate at a breakpoint, as JavaScript: it stops where this is true, and always where it is empty. A
 * breakpoint with a message prints it and does not stop.
 *
 * @param id of the breakpoint; that its condition throws is printed once
 * @param toExpression turns TypeScript into a JavaScript expression
 */
export async function conditionOf(
  { line, condition, logMessage }: SourceBreakpoint,
  id: number,
  toExpression: (code: string) => Promise<string>,
): Promise<string> {
  let holds = "true";
  if (condition) {
    const title = `The condition of the breakpoint in line ${line}, ${condition}, throws `;
    holds = caught(await toExpression(condition), `(${toldOnce(id, title)}, false)`);
  }
  if (logMessage === undefined) return condition ? holds : "";
  const words = logMessageParts(logMessage).map(async ({ text, isCode }) =>
    // One that throws must not hide the others.
    isCode ? caught(`String(${await toExpression(text)})`, '"<" + error + ">"') : JSON.stringify(text),
  );
  return `${holds} && (console.log("" + ${(await Promise.all(words)).join(" + ")}), false)`;
}

/** The value of an expression, or of another if that throws `error`. */
function caught(expression: string, otherwise: string): string {
  return `(() => { try { return ${expression}; } catch (error) { return ${otherwise}; } })()`;
}

/** Prints a text with `error` at the first time: the breakpoint may be in a loop. */
function toldOnce(id: number, text: string): string {
  const told = `(${hooks}.told ??= new Set())`;
  return `${told}.has(${id}) || (${told}.add(${id}), console.error(${JSON.stringify(text)} + error))`;
}
