import { escapeHtml } from "../../display/index.js";
import { type Cell, type CodeCell, type Notebook, titleOf } from "../format.js";
import { formatSeconds } from "../formatSeconds.js";
import { highlight } from "./highlight.js";
import { takeLibrary } from "./library.js";
import { firstHeading, markdownToHtml } from "./markdown.js";
import { outputToHtml } from "./output.js";
import { style } from "./style.js";

/** Nothing may be fetched: the page works without network, and opening it tells nobody. */
const policy = [
  "default-src 'none'",
  "img-src data: blob:",
  "media-src data:",
  "font-src data:",
  "style-src 'unsafe-inline'",
  "script-src 'unsafe-inline'",
].join("; ");

/**
 * A notebook as one HTML page that reads like an article: text, code, outputs; light or dark as the reader's system
 * is. It needs no other file and asks the network for nothing. Of each output the richest representation is shown.
 *
 * HTML in the notebook's Markdown and outputs is taken as it is, scripts too, as in a notebook one trusts: make pages
 * of your own notebooks only.
 *
 * @param options.title default: the notebook's `metadata.title`, else its first heading, else `Notebook`
 */
export function notebookToHtml(notebook: Notebook, options: { title?: string } = {}): string {
  const { title = titleOfNotebook(notebook) } = options;
  const language = String(
    notebook.metadata.language_info?.["name"] ?? notebook.metadata.kernelspec?.language ?? "typescript",
  );
  const { body, library } = takeLibrary(notebook.cells.map((cell) => cellToHtml(cell, language)).join("\n"));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
${library}
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

function titleOfNotebook({ metadata, cells }: Notebook): string {
  if (typeof metadata.title === "string") return metadata.title;
  for (const cell of cells) {
    const heading = cell.cell_type === "markdown" ? firstHeading(cell.source) : undefined;
    if (heading) return heading;
  }
  return "Notebook";
}

function cellToHtml(cell: Cell, language: string): string {
  if (cell.cell_type === "raw") return "";
  if (cell.cell_type === "code") return codeToHtml(cell, language);
  return `<section class="cell prose">${markdownToHtml(cell.source, cell.attachments)}</section>`;
}

function codeToHtml(cell: CodeCell, language: string): string {
  if (cell.source.trim() === "" && cell.outputs.length === 0) return "";
  const label = escapeHtml(`Code cell ${cell.execution_count ?? ""}: ${titleOf(cell)}`);
  const code = highlight(cell.source.trimEnd(), language);
  return [
    '<section class="cell">',
    `<div class="code" role="group" aria-label="${label}">${caption(cell)}<pre><code>${code}</code></pre></div>`,
    ...cell.outputs.map(outputToHtml),
    "</section>",
  ].join("\n");
}

/** Number and time of the cell's run, small, in the corner of its code. */
function caption(cell: CodeCell): string {
  if (cell.execution_count === null) return "";
  const times = cell.metadata["execution"] as Record<string, string> | undefined;
  const start = Date.parse(times?.["iopub.status.busy"] ?? "");
  const end = Date.parse(times?.["shell.execute_reply"] ?? "");
  const took = Number.isFinite(end - start) ? ` · ${formatSeconds((end - start) / 1000)}` : "";
  return `<span class="caption">${cell.execution_count}${took}</span>`;
}
