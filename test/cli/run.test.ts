import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommandArguments } from "../../src/cli/command.js";
import { run as command } from "../../src/cli/run.js";
import { type CodeCell, readNotebook } from "../../src/notebook/index.js";
import { type Finished, kontrast } from "./kontrast.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kontrast run "));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a notebook of code cells, `# …` being Markdown, into a folder of its own. */
async function notebook(name: string, ...sources: string[]): Promise<string> {
  const home = join(folder, name);
  await mkdir(home);
  const cells = sources.map((source, index) => ({
    id: `cell-${index}`,
    metadata: {},
    source,
    ...(source.startsWith("# ")
      ? { cell_type: "markdown" }
      : { cell_type: "code", execution_count: 7, outputs: [{ output_type: "stream", name: "stdout", text: "old" }] }),
  }));
  const path = join(home, `${name}.ipynb`);
  await writeFile(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  return path;
}

const run = (cwd: string, ...words: string[]): Promise<Finished> => kontrast(cwd, "run", ...words).finished;

async function codeCells(path: string): Promise<CodeCell[]> {
  const { cells } = await readNotebook(path);
  return cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
}

test("runs a notebook from another folder, twice with the same results", async () => {
  const path = await notebook(
    "with spaces",
    "# Title",
    "// The first\nconst folder: string = process.cwd();\nconsole.log(folder);",
    "folder.length > 3",
    "  ",
  );
  const first = await run(folder, path, "--output", "made/a b.ipynb");
  expect(first.stderr).toBe("");
  expect(first.status).toBe(0);
  const home = join(folder, "with spaces");
  expect(first.stdout).toMatch(/^\[1\/2\] The first\n {6}\S.*with spaces\n\[1\/2\] done +[\d.]+ s\n/);
  expect(first.stdout).toMatch(/\n\[2\/2\] folder\.length > 3 +[\d.]+ s\n {6}true\n/);
  expect(first.stdout).toMatch(
    /\nRan 2 cells in [\d.]+ s\.\n {2}made\/a b\.ipynb {2}\d+ kB\n {2}made\/a b\.html {2}\d+ kB\n$/,
  );
  const cells = await codeCells(join(folder, "made/a b.ipynb"));
  expect(cells.map(({ execution_count, outputs }) => ({ execution_count, outputs }))).toEqual([
    { execution_count: 1, outputs: [{ output_type: "stream", name: "stdout", text: `${home}\n` }] },
    {
      execution_count: 2,
      outputs: [{ output_type: "execute_result", execution_count: 2, data: { "text/plain": "true" }, metadata: {} }],
    },
    { execution_count: null, outputs: [] },
  ]);
  expect(await readFile(join(folder, "made/a b.html"), "utf8")).toContain("<title>Title</title>");
  execFileSync("/usr/bin/python3", [
    "-W",
    "error",
    "-c",
    "import sys, nbformat; nbformat.validate(nbformat.read(sys.argv[1], 4))",
    join(folder, "made/a b.ipynb"),
  ]);

  const second = await run(folder, path, "--output", "made/a b.ipynb");
  expect(second.status).toBe(0);
  const again = await codeCells(join(folder, "made/a b.ipynb"));
  expect(again.map(({ outputs }) => outputs)).toEqual(cells.map(({ outputs }) => outputs));
  expect(await readdir(join(folder, "made"))).toEqual(["a b.html", "a b.ipynb"]);
});

test("a failing cell ends the run with its number, line and error; what ran is written", async () => {
  const path = await notebook(
    "failing",
    "console.log('before');\nfunction lengthOf(x: any) {\n  return x.y.z;\n}",
    "const b = 1;\n\nlengthOf(b);",
    "console.log('after')",
  );
  const { status, stdout, stderr } = await run(join(folder, "failing"), path);
  expect(stderr).toBe("kontrast: run: cell 2, line 3: TypeError: Cannot read properties of undefined (reading 'z')\n");
  expect(status).toBe(1);
  expect(stdout).toContain("Failed after 2 cells");
  const [first, second, third] = await codeCells(join(folder, "failing/out/failing.ipynb"));
  expect(first?.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "before\n" }]);
  expect(second?.outputs).toMatchObject([{ output_type: "error", ename: "TypeError" }]);
  expect(third).toMatchObject({ execution_count: null, outputs: [] });
});

test("the page goes beside the output, also when that is the notebook itself", async () => {
  const path = await notebook("beside", "1");
  expect(await run(folder, path, "--inplace")).toMatchObject({ status: 0 });
  expect(await readdir(join(folder, "beside"))).toEqual(["beside.html", "beside.ipynb"]);
});

test("a type error names its line; raises-exception cells may fail; --engine arrives; --inplace writes in place", async () => {
  const path = await notebook(
    "types",
    "throw new Error('meant')",
    "process.env['KONTRAST_ENGINE']",
    'const a = 1;\nconst b: number = "x";',
  );
  const value = JSON.parse(await readFile(path, "utf8"));
  value.cells[0].metadata.tags = ["raises-exception"];
  await writeFile(path, JSON.stringify(value));
  const { status, stderr } = await run(folder, path, "--inplace", "--html", "types/p.html", "--engine", "wasm");
  expect(stderr).toMatch(/^kontrast: run: cell 3, line 2: .*Type 'string' is not assignable to type 'number'.*\n$/);
  expect(status).toBe(1);
  expect(await readdir(join(folder, "types"))).toEqual(["p.html", "types.ipynb"]);
  const cells = await codeCells(path);
  expect(cells[0]?.outputs).toMatchObject([{ output_type: "error", evalue: "meant" }]);
  expect(cells[1]?.outputs).toMatchObject([{ data: { "text/plain": "'wasm'" } }]);
});

test("Ctrl-C interrupts the cell, writes what ran and exits with 130", async () => {
  const path = await notebook("waiting", "1", "console.log('waits');\nawait new Promise(() => {});", "3");
  const started = kontrast(folder, "run", path, "--output", "waiting/o.ipynb");
  await started.says("waits");
  started.kill("SIGINT");
  const { status, stdout, stderr } = await started.finished;
  expect(stderr).toBe("\nInterrupting the cell; Ctrl-C again kills the kernel.\n");
  expect(stdout).toContain("Interrupted after 2 cells");
  expect(status).toBe(130);
  const cells = await codeCells(join(folder, "waiting/o.ipynb"));
  expect(cells.map(({ execution_count }) => execution_count)).toEqual([1, 2, null]);
  expect(cells[1]?.outputs[0]).toEqual({ output_type: "stream", name: "stdout", text: "waits\n" });
});

test("a second Ctrl-C kills the kernel; what ran is written", async () => {
  const path = await notebook("stubborn", "1", "console.log('waits');\nawait new Promise(() => {});");
  const started = kontrast(folder, "run", path, "--output", "stubborn/o.ipynb");
  await started.says("waits");
  started.kill("SIGINT");
  started.kill("SIGINT");
  setTimeout(() => started.kill("SIGINT"), 20); // two pending signals of one kind may arrive as one
  expect((await started.finished).status).toBe(130);
  expect(await codeCells(join(folder, "stubborn/o.ipynb"))).toHaveLength(2);
});

test("Ctrl-C while the kernel starts ends at once and writes nothing", async () => {
  const path = await notebook("early", "1");
  const started = kontrast(join(folder, "early"), "run", path);
  while (!existsSync(join(folder, "early/out"))) await new Promise((resolve) => setTimeout(resolve, 5));
  started.kill("SIGINT");
  const { status, stdout } = await started.finished;
  expect(status).toBe(130);
  expect(stdout).toBe("");
  expect(await readdir(join(folder, "early/out"))).toEqual([]);
});

test("a kernel that dies is the failure of its cell", async () => {
  const path = await notebook(
    "dying",
    "console.log('x');\nprocess.kill(process.ppid, 'SIGKILL');\nawait new Promise(() => {});",
  );
  const { status, stderr } = await run(folder, path, "--output", "dying/o.ipynb");
  expect(stderr).toMatch(/^kontrast: run: cell 1: KernelDied: kernel: it died \(signal SIGKILL\).*\n$/);
  expect(status).toBe(1);
  const [cell] = await codeCells(join(folder, "dying/o.ipynb"));
  expect(cell?.outputs.at(-1)).toMatchObject({ output_type: "error", ename: "KernelDied" });
});

test("a cell may take no longer than --timeout", async () => {
  const path = await notebook("slow", "await new Promise(() => {});", "2");
  const { status, stderr } = await run(folder, path, "--output", "slow/o.ipynb", "--timeout", "3");
  expect(stderr).toBe("kontrast: run: cell 1: Timeout: the cell took longer than 3 s\n");
  expect(status).toBe(1);
});

test("mistakes are told in one line, before anything runs", async () => {
  const path = await notebook("mistakes", "1");
  const [broken, python] = [join(folder, "broken.ipynb"), join(folder, "python.ipynb")];
  await writeFile(broken, "{");
  await writeFile(
    python,
    JSON.stringify({ nbformat: 4, metadata: { kernelspec: { name: "python3", language: "python" } }, cells: [] }),
  );
  const cases: [given: Partial<CommandArguments>, message: string][] = [
    [{ positionals: [] }, "run: a NOTEBOOK must be given; see `kontrast run --help`"],
    [{ positionals: ["/nowhere.ipynb"] }, "readNotebook: there is no file /nowhere.ipynb"],
    [{ positionals: [broken] }, `readNotebook: ${broken} is not JSON: `],
    [{ positionals: [python] }, `run: ${python} must be in TypeScript, got python (kernel python3)`],
    [
      { values: { engine: "abacus" } },
      'run: --engine must be one of "auto", "torch", "tensorflow", "webgpu", "wasm", got "abacus"',
    ],
    [{ values: { timeout: "no" } }, "run: --timeout must be > 0, got NaN"],
    [{ values: { output: path } }, `run: --output must not be the notebook itself, got ${path}; --inplace allows it`],
    [{ values: { html: path } }, `run: --html must not be a notebook's file, got ${path}`],
    [{ values: { output: "x", inplace: true } }, "run: --inplace and --output exclude each other"],
  ];
  for (const [given, message] of cases) {
    const error = await command.run({ positionals: [path], values: {}, ...given }).catch((caught: Error) => caught);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain("\n");
  }
  const { status, stdout, stderr } = await run(folder, "nowhere.ipynb");
  expect(stderr).toBe("kontrast: readNotebook: there is no file nowhere.ipynb\n");
  expect(stdout).toBe("");
  expect(status).toBe(1);
});
