import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const libraryTag = /<script\b[^>]*\bdata-kontrast-library\b[^>]*>[\s\S]*?<\/script>/gi;

/**
 * Takes plotly.js, which the first figure of a notebook brings along (and a figure of a cell that ran again once
 * more), out of the page's body.
 *
 * @returns the body without it, and the one copy the page needs in its head: the first that was found; the installed one
 *   if there are figures and none brought it; else nothing
 */
export function takeLibrary(body: string): { body: string; library: string } {
  const copies = body.match(libraryTag);
  if (copies) return { body: body.replace(libraryTag, ""), library: copies[0] };
  return { body, library: body.includes("data-kontrast-figure") ? installedLibrary() : "" };
}

function installedLibrary(): string {
  const path = createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min");
  const code = readFileSync(path, "utf8").replace(/<\/(script)/gi, "<\\/$1");
  return `<script data-kontrast-library>${code}</script>`;
}
