import { createHash } from "node:crypto";
import { join } from "node:path";
import type { CellEnd } from "../executor/index.js";
import type { CellError, ConvertedCell } from "../language/index.js";
import type { JsonObject } from "../wire/index.js";
import { type ErrorContent, errorReply } from "./errorContent.js";
import type { Handler } from "./handler.js";
import type { Kernel } from "./kernel.js";
import type { Request } from "./request.js";
import { errorContent } from "./traceback.js";

/** How a piece of code ended: its value as a bundle, or why there is none. */
type Ran = { readonly value: JsonObject | undefined; readonly error?: ErrorContent };

/** `execute_request`: checks, converts and runs a cell. */
export const execute: Handler = async (request, kernel) => {
  const {
    code,
    silent = false,
    store_history: stored = !silent,
    user_expressions: expressions,
  } = request.message.content;
  if (typeof code !== "string") return errorReply("BadRequest", "execute_request: code must be a string");
  const { session, history } = kernel;
  const { header } = request.message;
  const counts = stored === true && silent !== true;
  if (counts || kernel.executionCount === 0) kernel.executionCount++;
  const count = kernel.executionCount;
  const entry = counts ? history.add(count, code) : undefined;
  if (!silent) await session.publish("execute_input", { code, execution_count: count }, header);

  const { value, error } = await runCode(code, `cell-${count}.ts`, request, kernel);
  if (value && entry) entry.output = String(value["text/plain"] ?? "");
  if (value && !silent) {
    const result = { execution_count: count, data: value, metadata: {}, transient: {} };
    await session.publish("execute_result", result, header);
  }
  if (error) {
    if (!silent) await session.publish("error", error, header);
    return { status: "error", execution_count: count, user_expressions: {}, payload: [], ...error };
  }
  const evaluated = await evaluateAll(expressions, request, kernel);
  return { status: "ok", execution_count: count, user_expressions: evaluated, payload: [] };
};

async function evaluateAll(expressions: unknown, request: Request, kernel: Kernel): Promise<JsonObject> {
  const results: JsonObject = {};
  for (const [name, code] of Object.entries((expressions ?? {}) as JsonObject)) {
    const { value = {}, error } = await runCode(`(${code})`, "expression.ts", request, kernel);
    results[name] = error ? { status: "error", ...error } : { status: "ok", data: value, metadata: {} };
  }
  return results;
}

async function runCode(code: string, name: string, { message }: Request, kernel: Kernel): Promise<Ran> {
  const execution = { interrupted: false };
  kernel.execution = execution;
  try {
    const language = await kernel.language;
    const conversion = await language.convert(code);
    if (!conversion.ok) return { value: undefined, error: compilerErrors(conversion.errors, kernel.executionCount) };
    if (execution.interrupted) return { value: undefined, error: interrupted };
    const { cells, executor, executionCount: number } = kernel;
    const fileName = join(kernel.folder, name);
    const silent = message.content["silent"] === true;
    const cell = cells.add({
      number,
      fileName,
      code,
      silent,
      request: message.header,
      sourceMap: conversion.sourceMap,
    });
    cells.addFiles(conversion.sideModules);
    const end = await executor.run({
      ...codeOf(conversion),
      id: cell.id,
      fileName,
      key: keyOf(message.metadata, code),
    });
    // A lost process has taken the variables with it.
    if (end.status !== "lost") language.commit(conversion);
    return ranFrom(end, kernel);
  } finally {
    kernel.execution = undefined;
  }
}

function codeOf({ javascript, lastExpression, sideModules }: ConvertedCell) {
  return { javascript, lastExpression, sideModules: sideModules.map(({ path, javascript }) => ({ path, javascript })) };
}

/** Front ends that name their cells do so in the metadata; for others the code itself is the name. */
function keyOf({ cellId }: JsonObject, code: string): string {
  return typeof cellId === "string" ? cellId : createHash("sha256").update(code).digest("hex").slice(0, 16);
}

const interrupted = errorMessage("Interrupted", "the cell was interrupted; what it had assigned is kept");

function errorMessage(ename: string, evalue: string): ErrorContent {
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}

function ranFrom(end: CellEnd, kernel: Kernel): Ran {
  switch (end.status) {
    case "ok":
      return { value: end.result };
    case "error":
      return { value: undefined, error: errorContent(end.error, kernel.cells, kernel.folder) };
    case "interrupted":
      return { value: end.result, error: interrupted };
    case "lost": {
      const cause = end.interrupted
        ? "the cell could not be stopped within its process, which was replaced"
        : `the process of the cells ${end.reason}`;
      return {
        value: undefined,
        error: errorMessage("ProcessLost", `${cause}; all variables are gone, run the cells above again`),
      };
    }
  }
}

function compilerErrors(errors: readonly CellError[], number: number): ErrorContent {
  const [first] = errors;
  const place = ({ file, line, column }: CellError) => `${file ?? `cell ${number}`}, line ${line}, column ${column}`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const evalue = first ? `TS${first.code} in ${place(first)}: ${first.message}${more}` : "the cell cannot be compiled";
  return {
    ename: "TypeScriptError",
    evalue,
    traceback: [`TypeScriptError: ${evalue}`, ...errors.map(({ text }) => text)],
  };
}
