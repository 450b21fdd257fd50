/** What TypeScript says of a text: it can end there, it must go on, or it is wrong before its end. */
export type Judge = (code: string) => Promise<"complete" | "incomplete" | "invalid">;

/** Whether the lines that follow make TypeScript of a text that cannot end where it does. */
export async function isCompletedBy(after: readonly string[], text: string, judge: Judge): Promise<boolean> {
  let code = text;
  for (const line of after) {
    code += `\n${line}`;
    if (line.trim() === "") continue;
    const verdict = await judge(code);
    if (verdict !== "incomplete") return verdict === "complete";
  }
  return false;
}

/**
 * Whether a text must go on, or goes on because what follows, such as `.map(f)`, can be nothing else. Blank lines and
 * comments are passed over.
 */
export async function goesOn(text: string, after: readonly string[], judge: Judge): Promise<boolean> {
  if ((await judge(text)) === "incomplete") return true;
  const next = after.find((line) => !/^\s*(\/\/.*)?$/.test(line));
  if (next === undefined || next.trimStart().startsWith("%")) return false;
  return (await judge(next)) === "invalid" && (await judge(`${text}\n${next}`)) !== "invalid";
}
