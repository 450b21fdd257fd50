import type { JsonObject } from "../wire/index.js";
import { errorMessage, errorReply } from "./errorContent.js";
import type { Handler } from "./handler.js";
import type { Execution } from "./kernel.js";
import { transient } from "./publishOutput.js";
import { expressionName, type RanCell, runCell } from "./runCell.js";
import type { RunContext } from "./runCode.js";

/** `execute_request`: checks, converts and runs a cell. */
export const execute: Handler = async (request, kernel) => {
  const {
    code,
    silent = false,
    store_history: stored = !silent,
    user_expressions: expressions,
  } = request.message.content;
  if (typeof code !== "string") return errorReply("BadRequest", "execute_request: code must be a string");
  const { session } = kernel;
  const { header } = request.message;
  const shell = kernel.shells.of(header);
  const counts = stored === true && silent !== true;
  if (counts) shell.executionCount++;
  const count = Math.max(1, shell.executionCount);
  const execution: Execution = { abort: new AbortController() };
  const context: RunContext = { request, kernel, shell, count, execution, code };
  // First of all: from here on a stop is for this cell, too.
  kernel.executions.add(execution);
  try {
    const entry = counts ? await shell.history.add(count, code) : undefined;
    if (!silent) await session.publish("execute_input", { code, execution_count: count }, header);
    const name = shell.id ? `cell-${count}-${shell.id}` : `cell-${count}`;
    const { value, error, pages } = await runCell(name, context).catch(unexpected);
    if (value && entry) await shell.history.setOutput(entry, String(value.data["text/plain"] ?? ""));
    if (value && !silent) {
      const { data, metadata, displayId } = value;
      const result = { execution_count: count, data, metadata, transient: transient(displayId) };
      await session.publish("execute_result", result, header);
    }
    if (error) {
      if (!silent) await session.publish("error", error, header);
      return { status: "error", execution_count: count, user_expressions: {}, payload: [], ...error };
    }
    const evaluated = await evaluateAll(expressions, context);
    return { status: "ok", execution_count: count, user_expressions: evaluated, payload: pages };
  } finally {
    kernel.executions.delete(execution);
  }
};

/** Something of ours has failed, such as the type checker: the cell shows it, and those behind it do not run. */
function unexpected({ name, message }: Error): RanCell {
  return { error: errorMessage(name, message), pages: [] };
}

async function evaluateAll(expressions: unknown, context: RunContext): Promise<JsonObject> {
  const results: JsonObject = {};
  for (const [name, code] of Object.entries((expressions ?? {}) as JsonObject)) {
    const { value = { data: {}, metadata: {} }, error } = await runCell(expressionName, {
      ...context,
      code: `(${code})`,
    });
    const { data, metadata } = value;
    results[name] = error ? { status: "error", ...error } : { status: "ok", data, metadata };
  }
  return results;
}
