import { execFileSync } from "node:child_process";

/** Runs Python with numpy and torch at hand (`given` holds the data, `answer` is printed as JSON) and returns its answer. */
export function python<T>(code: string, given: unknown): T {
  const program = `import json, sys\ngiven = json.load(sys.stdin)\n${code}\nprint(json.dumps(answer))`;
  const output = execFileSync("/usr/bin/python3", ["-c", program], {
    input: JSON.stringify(given),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return JSON.parse(output) as T;
}
