import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

/** One code cell as nbclient left it. */
interface Cell {
  readonly outputs: readonly Record<string, unknown>[];
  readonly seconds: number;
}

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "kontrast-nbclient-"));
let cells: Cell[];

beforeAll(async () => {
  const notebooks = join(folder, "notebooks");
  mkdirSync(notebooks);
  await run(process.execPath, ["dist/cli/main.js", "install", "--prefix", folder]);
  const env = { ...process.env, JUPYTER_PATH: join(folder, "share", "jupyter") };
  const { stdout } = await run("/usr/bin/python3", ["test/kernel/nbclient_run.py", notebooks], { env });
  cells = JSON.parse(stdout) as Cell[];
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a stock client gets values, streams and displays", () => {
  expect(cells[0]?.outputs).toEqual([]);
  expect(cells[1]?.outputs).toMatchObject([{ output_type: "execute_result", data: { "text/plain": "[ 2, 12 ]" } }]);
  expect(cells[2]?.outputs).toMatchObject([{ output_type: "stream", name: "stdout", text: "sum 4\n" }]);
  expect(cells[5]?.outputs).toMatchObject([{ output_type: "display_data", data: { "text/html": "<b>4</b>" } }]);
});

test("a type error names the cell's line and keeps the cell from running", () => {
  const [error] = cells[3]?.outputs ?? [];
  expect(error).toMatchObject({ output_type: "error", ename: "TypeScriptError" });
  expect(error?.["evalue"]).toContain("TS2322 in cell 4, line 1, column 7");
});

test("a thrown error points at the line of the cell", () => {
  const [error] = cells[4]?.outputs ?? [];
  expect(error).toMatchObject({ output_type: "error", ename: "RangeError", evalue: "no such point" });
  expect(String(error?.["traceback"])).toContain("at cell 5, line 2, column 9, in fail");
});

test("the notebook goes on after errors", () => {
  expect(cells[6]?.outputs).toMatchObject([{ data: { "text/plain": "5" } }]);
});
