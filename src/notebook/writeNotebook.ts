import { replaceFile } from "../check/index.js";
import type { Notebook } from "./format.js";

/**
 * Writes a notebook the way Jupyter does, so that a saved notebook and one executed by us differ only where they must:
 * keys sorted, indented by 1, long texts as lists of lines, a newline at the end. The file is replaced in one step.
 */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await replaceFile(path, formatNotebook(notebook));
}

/** A notebook's text. */
function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => {
    const source = lines(cell.source);
    if (cell.cell_type !== "code") return { ...cell, source };
    const outputs = cell.outputs.map((output) => {
      if (output.output_type === "stream") return { ...output, text: lines(output.text) };
      return "data" in output ? { ...output, data: splitData(output.data) } : output;
    });
    return { ...cell, source, outputs };
  });
  return `${JSON.stringify(sorted({ ...notebook, cells }), undefined, 1)}\n`;
}

/** Splits what nbformat splits; base64 stays one string. */
function splitData(data: Record<string, unknown>) {
  const entries = Object.entries(data).map(([type, value]) => {
    const isText = type.startsWith("text/") || type === "image/svg+xml" || type === "application/javascript";
    return [type, isText && typeof value === "string" ? lines(value) : value];
  });
  return Object.fromEntries(entries);
}

/** The lines of a text, each with its line break. */
function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}
