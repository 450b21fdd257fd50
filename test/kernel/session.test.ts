import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Debian's Python, which has the stock client and its conformance suite. */
const python = "/usr/bin/python3";
const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kontrast-session-"));
  await run(process.execPath, [main, "install", "--prefix", folder]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs unit tests written in Python; what they print is the message of the failure. */
async function unittest(script: string, ...names: string[]): Promise<string> {
  const env = { ...process.env, JUPYTER_PATH: join(folder, "share", "jupyter") };
  const { stderr } = await run(python, ["-W", "ignore", join(here, script), ...names], { cwd: folder, env }).catch(
    ({ stdout, stderr: text }) => expect.unreachable(`${script} ${names.join(" ")}\n${stdout}\n${text}`),
  );
  return stderr;
}

const longest = 180_000;

test("the stock conformance suite passes", { timeout: longest }, async () => {
  const said = await unittest("conformance.py");
  expect(said).toMatch(/Ran 12 tests/);
  expect(said).toMatch(/OK$/m);
});

const sessions = {
  "session.py": ["Execution", "Errors", "Display", "Requests"],
  "magics.py": ["Magics"],
  "declarations.py": ["Declarations"],
  "modules.py": ["Modules"],
  "values.py": ["Values", "Training", "Input"],
  "comms.py": ["Comms", "Widgets", "WidgetManager"],
  "shells.py": ["Subshells", "Late", "HistoryOnDisk", "Answers"],
  "debugging.py": ["Debug"],
  "security.py": ["Frames", "Connection"],
  "lifetime.py": ["Interrupt", "Crash", "FrontEnd", "Restart", "Shutdown"],
};

test.each(Object.entries(sessions).flatMap(([script, names]) => names.map((name) => [name, script] as const)))(
  "a stock client's session: %s",
  { timeout: longest },
  async (name, script) => {
    expect(await unittest(script, name)).toMatch(/Ran [1-9]\d* tests?[\s\S]*OK$/m);
  },
);
