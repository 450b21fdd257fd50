import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Cell, MimeData, Notebook, Output } from "./format.js";

type Json = Record<string, unknown>;

/**
 * Reads a notebook of format 4.0 or newer and checks it; what older minor versions lack (cell ids) is filled in, so
 * that the result is of format 4.5.
 *
 * @throws Error of one line: `readNotebook: there is no file a.ipynb`, `… is not JSON: …`, `… is not a notebook: …`,
 *   `… has notebook format 3, 4 is needed; open and save it in Jupyter to convert it`
 */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const what = cause.code === "ENOENT" ? `there is no file ${path}` : `cannot read ${path} (${cause.code})`;
    throw new Error(`readNotebook: ${what}`, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const reason = (cause as Error).message.replace(/\s+/g, " ");
    throw new Error(`readNotebook: ${path} is not JSON: ${reason}`, { cause });
  }
  return parseNotebook(value, path);
}

/** Checks a parsed notebook and brings it to format 4.5; `path` is for the messages. */
export function parseNotebook(value: unknown, path: string): Notebook {
  const require: Require = (condition, rule) => {
    if (!condition) throw new Error(`readNotebook: ${path} is not a notebook: ${rule}`);
  };
  require(isObject(value), "it must be a JSON object");
  const { nbformat, nbformat_minor: minor = 0, metadata = {}, cells } = value;
  require(typeof nbformat === "number", `nbformat must be a number, got ${show(nbformat)}`);
  if (nbformat !== 4) {
    const remedy = nbformat < 4 ? "; open and save it in Jupyter to convert it" : "";
    throw new Error(`readNotebook: ${path} has notebook format ${nbformat}, 4 is needed${remedy}`);
  }
  require(isObject(metadata), `metadata must be an object, got ${show(metadata)}`);
  require(Array.isArray(cells), `cells must be a list, got ${show(cells)}`);
  const taken = new Set<string>();
  return {
    nbformat: 4,
    nbformat_minor: Math.max(5, Number(minor)),
    metadata,
    cells: cells.map((cell, index) => parseCell(cell, index, taken, require)),
  };
}

type Require = (condition: boolean, rule: string) => asserts condition;

function parseCell(value: unknown, index: number, taken: Set<string>, require: Require): Cell {
  const name = `cells[${index}]`;
  require(isObject(value), `${name} must be an object, got ${show(value)}`);
  const { cell_type: type, metadata = {}, source, attachments, outputs = [], execution_count: count = null } = value;
  require(type === "code" ||
    type === "markdown" ||
    type === "raw", `${name}.cell_type must be one of "code", "markdown", "raw", got ${show(type)}`);
  require(isObject(metadata), `${name}.metadata must be an object, got ${show(metadata)}`);
  require(isText(source), `${name}.source must be text, got ${show(source)}`);
  const base = { id: freshId(value["id"], index, joined(source), taken), metadata, source: joined(source) };
  if (type !== "code") {
    return {
      cell_type: type,
      ...base,
      ...(isObject(attachments) ? { attachments: parseAttachments(attachments) } : {}),
    };
  }
  require(Array.isArray(outputs), `${name}.outputs must be a list, got ${show(outputs)}`);
  return {
    cell_type: "code",
    ...base,
    execution_count: typeof count === "number" ? count : null,
    outputs: outputs.map((output, at) => parseOutput(output, `${name}.outputs[${at}]`, require)),
  };
}

/** The cell's own id where it is valid and free, else one that is the same each time the notebook is read. */
function freshId(given: unknown, index: number, source: string, taken: Set<string>): string {
  let id = typeof given === "string" && /^[\w-]{1,64}$/.test(given) ? given : "";
  for (let attempt = 0; id === "" || taken.has(id); attempt++) {
    id = createHash("sha256").update(`${index} ${attempt} ${source}`).digest("hex").slice(0, 8);
  }
  taken.add(id);
  return id;
}

function parseOutput(value: unknown, name: string, require: Require): Output {
  require(isObject(value), `${name} must be an object, got ${show(value)}`);
  const { output_type: type, metadata = {}, data, text, execution_count: count } = value;
  switch (type) {
    case "stream":
      require(isText(text), `${name}.text must be text, got ${show(text)}`);
      return { output_type: "stream", name: value["name"] === "stderr" ? "stderr" : "stdout", text: joined(text) };
    case "display_data":
    case "execute_result": {
      require(isObject(data), `${name}.data must be an object, got ${show(data)}`);
      require(isObject(metadata), `${name}.metadata must be an object, got ${show(metadata)}`);
      if (type === "display_data") return { output_type: type, data: parseData(data), metadata };
      const executionCount = typeof count === "number" ? count : null;
      return { output_type: type, data: parseData(data), metadata, execution_count: executionCount };
    }
    case "error": {
      const { ename, evalue, traceback } = value;
      const lines = Array.isArray(traceback) ? traceback.map(String) : [];
      return { output_type: "error", ename: String(ename), evalue: String(evalue), traceback: lines };
    }
    default:
      require(false, `${name}.output_type must be a known type, got ${show(type)}`);
  }
}

function parseAttachments(attachments: Json): Record<string, MimeData> {
  const entries = Object.entries(attachments).map(([name, data]) => [name, isObject(data) ? parseData(data) : {}]);
  return Object.fromEntries(entries);
}

/** Joins lists of lines, except under JSON types, where a list is a value. */
function parseData(data: Json): MimeData {
  const entries = Object.entries(data).map(([type, value]) => [
    type,
    !isJson(type) && isText(value) ? joined(value) : value,
  ]);
  return Object.fromEntries(entries);
}

/** Says whether values of a MIME type are JSON rather than text. */
function isJson(mimeType: string): boolean {
  return mimeType === "application/json" || mimeType.endsWith("+json");
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string | string[] {
  return typeof value === "string" || (Array.isArray(value) && value.every((line) => typeof line === "string"));
}

function joined(text: string | string[]): string {
  return typeof text === "string" ? text : text.join("");
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
