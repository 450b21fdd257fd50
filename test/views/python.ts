import { execFileSync } from "node:child_process";

/** Runs a script of Debian's Python that reads JSON and writes JSON. */
export function python(script: string, input: unknown): unknown {
  const output = execFileSync("/usr/bin/python3", ["-c", script], {
    input: JSON.stringify(input),
    maxBuffer: 1 << 28,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "inherit"],
  });
  return JSON.parse(output);
}
