import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseNotebook, readNotebook } from "../../src/notebook/index.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kontrast read "));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(text: string): Promise<string> {
  const path = join(folder, "a notebook.ipynb");
  await writeFile(path, text);
  return path;
}

test("names a missing file", async () => {
  await expect(readNotebook("/nowhere/a.ipynb")).rejects.toThrow("readNotebook: there is no file /nowhere/a.ipynb");
});

test("says where the file is a folder", async () => {
  await expect(readNotebook(folder)).rejects.toThrow(`readNotebook: cannot read ${folder} (EISDIR)`);
});

test.each(["", "{", '{"cells": [1,]}', "not json\nat all"])("rejects text that is not JSON: %j", async (text) => {
  const path = await file(text);
  const error = await readNotebook(path).catch((caught: Error) => caught);
  expect((error as Error).message).toContain(`readNotebook: ${path} is not JSON: `);
  expect((error as Error).message).not.toContain("\n");
});

test.each([
  [[], "it must be a JSON object"],
  [{}, "nbformat must be a number, got nothing"],
  [{ nbformat: 4 }, "cells must be a list, got nothing"],
  [{ nbformat: 4, metadata: [], cells: [] }, "metadata must be an object, got []"],
  [{ nbformat: 4, cells: [7] }, "cells[0] must be an object, got 7"],
  [
    { nbformat: 4, cells: [{ cell_type: "slide" }] },
    'cells[0].cell_type must be one of "code", "markdown", "raw", got "slide"',
  ],
  [{ nbformat: 4, cells: [{ cell_type: "code", source: [1] }] }, "cells[0].source must be text, got [1]"],
  [
    { nbformat: 4, cells: [{ cell_type: "code", source: "", outputs: [{ output_type: "pyout" }] }] },
    'cells[0].outputs[0].output_type must be a known type, got "pyout"',
  ],
])("rejects what is not a notebook: %j", (value, rule) => {
  expect(() => parseNotebook(value, "a.ipynb")).toThrow(`readNotebook: a.ipynb is not a notebook: ${rule}`);
});

test("says how to convert an old format", () => {
  expect(() => parseNotebook({ nbformat: 3, worksheets: [] }, "a.ipynb")).toThrow(
    "readNotebook: a.ipynb has notebook format 3, 4 is needed; open and save it in Jupyter to convert it",
  );
});

test("gives cells of older minor versions ids, the same each time and without doubles", () => {
  const cell = { cell_type: "code", source: "1", metadata: {}, outputs: [], execution_count: null };
  const value = {
    nbformat: 4,
    nbformat_minor: 2,
    metadata: {},
    cells: [cell, cell, { ...cell, id: "own" }, { ...cell, id: "own" }],
  };
  const ids = parseNotebook(value, "a").cells.map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  expect(ids[2]).toBe("own");
  expect(parseNotebook(value, "a").cells.map(({ id }) => id)).toEqual(ids);
  expect(parseNotebook(value, "a").nbformat_minor).toBe(5);
});

test("joins lists of lines, but leaves JSON values alone", () => {
  const data = { "text/plain": ["a\n", "b"], "application/json": ["a", "b"], "application/vnd.x+json": ["c"] };
  const outputs = [{ output_type: "display_data", data, metadata: {} }];
  const [cell] = parseNotebook(
    {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [{ cell_type: "code", id: "a", source: ["x\n", "y"], outputs }],
    },
    "a",
  ).cells;
  expect(cell).toMatchObject({
    source: "x\ny",
    outputs: [{ data: { "text/plain": "a\nb", "application/json": ["a", "b"], "application/vnd.x+json": ["c"] } }],
  });
});
