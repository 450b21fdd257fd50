import { execFile } from "node:child_process";

/**
 * Looks at a native library in a process of its own: there it may print, change tfjs's state or crash.
 *
 * @param script body of an async function that returns what is to be known, as JSON can hold it; `words` are its words
 * @throws Error what the script threw, or how its process ended
 */
export async function probe<T>(script: string, ...words: readonly string[]): Promise<T> {
  const program = `const words = process.argv.slice(1);
    (async () => {${script}})()
      .then((facts) => ({ facts }), (error) => ({ error: String(error?.message ?? error) }))
      .then((answer) => process.stdout.write("\\n" + JSON.stringify(answer), () => process.exit(0)));`;
  const output = await new Promise<string>((resolve, reject) => {
    const options = { timeout: 60_000, maxBuffer: 1 << 26 };
    execFile(process.execPath, ["-e", program, ...words], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`its process ended with ${error.signal ?? error.code}: ${lastLine(stderr)}`));
      else resolve(stdout);
    });
  });
  const answer = JSON.parse(lastLine(output)) as { facts: T } | { error: string };
  if ("error" in answer) throw new Error(answer.error);
  return answer.facts;
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
