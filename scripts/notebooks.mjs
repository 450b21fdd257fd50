#!/usr/bin/env node
/**
 * Writes notebooks/NAME.ipynb from notebooks/NAME.ts, a type-checked script in the percent format: `// %% [markdown]`
 * opens a text cell (its lines are comments), `// %%` a code cell. With --check it writes nothing and fails on a difference.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../notebooks/", import.meta.url));
const check = process.argv.includes("--check");
const marker = /^\/\/ %%( \[markdown\])?\s*$/;

let stale = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
  const source = readFileSync(folder + file, "utf8");
  const target = folder + file.replace(/\.ts$/, ".ipynb");
  const text = `${JSON.stringify(toNotebook(source), null, 1)}\n`;
  if (check) stale += reportStale(target, text);
  else writeFileSync(target, text);
}
process.exitCode = stale > 0 ? 1 : 0;

function toNotebook(source) {
  const cells = [];
  for (const line of source.split("\n")) {
    const opened = marker.exec(line);
    if (opened) cells.push({ isText: opened[1] !== undefined, lines: [] });
    else cells.at(-1)?.lines.push(line);
  }
  return {
    cells: cells.map(toCell),
    metadata: {
      kernelspec: { display_name: "TypeScript (Kontrast)", language: "typescript", name: "kontrast" },
      language_info: { file_extension: ".ts", mimetype: "text/x-typescript", name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function toCell({ isText, lines }, index) {
  const plain = isText ? lines.map((line) => line.replace(/^\/\/ ?/, "")) : lines;
  const source = plain
    .join("\n")
    .trim()
    .split(/(?<=\n)/);
  const id = createHash("sha256").update(`${index}`).digest("hex").slice(0, 8);
  if (isText) return { cell_type: "markdown", id, metadata: {}, source };
  return { cell_type: "code", execution_count: null, id, metadata: {}, outputs: [], source };
}

function reportStale(target, text) {
  if (readFileSync(target, "utf8") === text) return 0;
  process.stderr.write(`${target} is not what its script says; run: npm run generate\n`);
  return 1;
}
