import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Notebook, parseNotebook, readNotebook, writeNotebook } from "../../src/notebook/index.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kontrast-write-"));
});
afterAll(() => rm(folder, { recursive: true }));

const text = fc.string({ unit: fc.constantFrom("a", "é", "😀", "\n", " ", '"', "\\", "\u2028", "<", "\t") });
const data = fc.record({ "text/plain": text }, { noNullPrototype: true });
const output = fc.oneof(
  fc.record(
    { output_type: fc.constant("stream" as const), name: fc.constantFrom("stdout" as const, "stderr" as const), text },
    { noNullPrototype: true },
  ),
  fc.record(
    { output_type: fc.constant("display_data" as const), data, metadata: fc.constant({}) },
    { noNullPrototype: true },
  ),
  fc.record(
    { output_type: fc.constant("execute_result" as const), data, metadata: fc.constant({}), execution_count: fc.nat() },
    { noNullPrototype: true },
  ),
  fc.record(
    { output_type: fc.constant("error" as const), ename: text, evalue: text, traceback: fc.array(text) },
    { noNullPrototype: true },
  ),
);
const cell = fc.oneof(
  fc.record(
    {
      cell_type: fc.constant("code" as const),
      metadata: fc.constant({}),
      source: text,
      execution_count: fc.option(fc.nat()),
      outputs: fc.array(output),
    },
    { noNullPrototype: true },
  ),
  fc.record(
    { cell_type: fc.constantFrom("markdown" as const, "raw" as const), metadata: fc.constant({}), source: text },
    { noNullPrototype: true },
  ),
);
const notebook = fc.array(cell, { maxLength: 6 }).map(
  (cells): Notebook => ({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { title: "t" },
    cells: cells.map((value, index) => ({ id: `cell-${index}`, ...value })),
  }),
);

test("what is written reads back the same", async () => {
  const path = join(folder, "round.ipynb");
  await fc.assert(
    fc.asyncProperty(notebook, async (value) => {
      await writeNotebook(path, value);
      expect(await readNotebook(path)).toEqual(value);
    }),
    { numRuns: 60, seed: 1 },
  );
  expect(await readdir(folder)).toEqual(["round.ipynb"]);
});

test("is valid by nbformat, which keeps all of it", async () => {
  const samples = fc.sample(notebook, { numRuns: 25, seed: 2 });
  const paths = samples.map((_, index) => join(folder, `valid-${index}.ipynb`));
  await Promise.all(samples.map((value, index) => writeNotebook(paths[index] as string, value)));
  const program = `
import sys, nbformat
for path in sys.argv[1:]:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    nbformat.write(notebook, path + ".theirs")
`;
  execFileSync("/usr/bin/python3", ["-W", "error", "-c", program, ...paths]);
  for (const path of paths) {
    const ours = parseNotebook(JSON.parse(await readFile(path, "utf8")), path);
    expect(parseNotebook(JSON.parse(await readFile(`${path}.theirs`, "utf8")), path)).toEqual(ours);
  }
});

test("looks like a notebook that Jupyter has saved", async () => {
  const path = join(folder, "bytes.ipynb");
  const value = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { b: 1, a: ["é"] },
    cells: [
      { cell_type: "markdown", id: "m", metadata: {}, source: "# T\n\ntext" },
      {
        cell_type: "code",
        id: "c",
        metadata: {},
        source: "1",
        execution_count: 1,
        outputs: [
          { output_type: "stream", name: "stdout", text: "a\nb\n" },
          {
            output_type: "execute_result",
            execution_count: 1,
            metadata: {},
            data: { "text/plain": "1", "image/svg+xml": "<svg>\n</svg>", "image/png": "AAAA\n" },
          },
        ],
      },
    ],
  };
  await writeNotebook(path, parseNotebook(value, path));
  const ours = await readFile(path, "utf8");
  execFileSync("/usr/bin/python3", [
    "-c",
    "import sys, nbformat; nbformat.write(nbformat.read(sys.argv[1], 4), sys.argv[1])",
    path,
  ]);
  expect(ours).toBe(await readFile(path, "utf8"));
});
