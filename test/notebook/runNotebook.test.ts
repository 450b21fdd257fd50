import { expect, test } from "vitest";
import type { ExecuteResult, KernelClient, KernelOutput } from "../../src/kernel/client/index.js";
import { failingLine } from "../../src/notebook/failingLine.js";
import { type Notebook, runNotebook } from "../../src/notebook/index.js";

type Send = (output: KernelOutput) => void;
type Play = (code: string, send: Send, interrupted: Promise<void>) => Promise<Partial<ExecuteResult>>;

/** A kernel that plays what a test tells it. */
function kernelThat(play: Play): KernelClient {
  let count = 0;
  let interrupt = () => {};
  return {
    info: { language_info: { name: "typescript", version: "5" } },
    async execute(code: string, { onOutput }: { onOutput: Send }) {
      count += 1;
      const interrupted = new Promise<void>((resolve) => {
        interrupt = resolve;
      });
      return { status: "ok", executionCount: count, times: {}, ...(await play(code, onOutput, interrupted)) };
    },
    interrupt: async () => interrupt(),
    kill: async () => {},
  } as unknown as KernelClient;
}

function notebook(...sources: string[]): Notebook {
  const cells = sources.map((source, index) => ({
    cell_type: "code" as const,
    id: `c${index}`,
    metadata: { execution: { old: "1" }, keep: true },
    source,
    execution_count: 9,
    outputs: [{ output_type: "stream" as const, name: "stdout" as const, text: "old" }],
  }));
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

const out = (text: string): KernelOutput => ({ type: "stream", name: "stdout", text });

test("runs cells in order, skips empty ones, and leaves nothing of an earlier run", async () => {
  const book = notebook("a", " \n", "b");
  const seen: string[] = [];
  const kernel = kernelThat(async (code, send) => {
    send(out(code));
    return { times: { "iopub.status.busy": "t" } };
  });
  const outcome = await runNotebook(book, kernel, {
    onStart: ({ number, count, cell }) => seen.push(`${number}/${count} ${cell.source}`),
    onEnd: ({ number }) => seen.push(`end ${number}`),
  });
  expect(outcome).toMatchObject({ status: "ok", cells: 2 });
  expect(seen).toEqual(["1/2 a", "end 1", "2/2 b", "end 2"]);
  expect(book.metadata.language_info).toEqual({ name: "typescript", version: "5" });
  const common = { cell_type: "code", metadata: { keep: true } };
  const ran = { ...common, metadata: { keep: true, execution: { "iopub.status.busy": "t" } } };
  expect(book.cells).toEqual([
    {
      ...ran,
      id: "c0",
      source: "a",
      execution_count: 1,
      outputs: [{ output_type: "stream", name: "stdout", text: "a" }],
    },
    { ...common, id: "c1", source: " \n", execution_count: null, outputs: [] },
    {
      ...ran,
      id: "c2",
      source: "b",
      execution_count: 2,
      outputs: [{ output_type: "stream", name: "stdout", text: "b" }],
    },
  ]);
});

test("late output goes to the cell that caused it, and nowhere once the run is over", async () => {
  const book = notebook("first", "second");
  let late: Send = () => {};
  const kernel = kernelThat(async (code, send) => {
    if (code === "first") late = send;
    else late(out("late"));
    return {};
  });
  await runNotebook(book, kernel);
  late(out("too late"));
  expect(book.cells.map((cell) => "outputs" in cell && cell.outputs)).toEqual([
    [{ output_type: "stream", name: "stdout", text: "late" }],
    [],
  ]);
});

test("a cell that ends in good order after an interrupt is the last one", async () => {
  const book = notebook("trains", "next");
  const stop = new AbortController();
  const kernel = kernelThat(async (_, send, interrupted) => {
    setImmediate(() => stop.abort());
    await interrupted;
    send(out("saved"));
    return {};
  });
  expect(await runNotebook(book, kernel, { signal: stop.signal })).toMatchObject({ status: "interrupted", cells: 1 });
  expect(book.cells[0]).toMatchObject({ outputs: [{ text: "saved" }] });
  expect(book.cells[1]).toMatchObject({ execution_count: null, outputs: [] });
});

test("the error of a failing cell is among its outputs once, also when only the reply brought it", async () => {
  const error = { name: "E", message: "m", traceback: ["E: m", "    at cell 1, line 4, column 1"] };
  for (const told of [true, false]) {
    const book = notebook("fails", "next");
    const kernel = kernelThat(async (_, send) => {
      if (told) send({ type: "error", ...error });
      return { status: "error", error };
    });
    const outcome = await runNotebook(book, kernel);
    expect(outcome).toMatchObject({ status: "failed", cells: 1, failure: { number: 1, line: 4, error } });
    expect(book.cells[0]).toMatchObject({ outputs: [{ output_type: "error", ename: "E", evalue: "m" }] });
    expect(book.cells[0]).toHaveProperty("outputs.length", 1);
  }
});

test("a kernel that dies is the failure of its cell", async () => {
  const kernel = kernelThat(async () => {
    throw Object.assign(new Error("kernel: it died (exit code 1)"), { name: "KernelDied" });
  });
  const book = notebook("dies");
  const outcome = await runNotebook(book, kernel);
  expect(outcome).toMatchObject({ status: "failed", failure: { number: 1, error: { name: "KernelDied" } } });
  expect(book.cells[0]).toMatchObject({ outputs: [{ output_type: "error", ename: "KernelDied" }] });
});

test.each([
  ["\u001b[31mE\u001b[0m: m\n    at cell 2, line 5, column 3, in f\n    at cell 4, line 7, column 1", 4, 7],
  ["    at cell 2, line 5, column 3", 4, 5],
  ["    at f (cell-4.ts:9:2)", 4, 9],
  ["Cell In[4], line 2", 4, 2],
  ["E: nothing of a cell", 4, undefined],
])("the line in %j of execution %i is %j", (traceback, count, line) => {
  expect(failingLine({ name: "E", message: "m", traceback: traceback.split("\n") }, count)).toBe(line);
});
