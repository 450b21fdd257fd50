import { escapeHtml } from "../../display/index.js";
import type { MimeData, Output } from "../format.js";
import { ansiToHtml } from "./ansi.js";
import { markdownToHtml } from "./markdown.js";

/** An output as a block of the page. */
export function outputToHtml(output: Output): string {
  switch (output.output_type) {
    case "stream":
      return `<pre class="output stream ${output.name}">${ansiToHtml(output.text.replace(/\n$/, ""))}</pre>`;
    case "error": {
      const text = output.traceback.length > 0 ? output.traceback.join("\n") : `${output.ename}: ${output.evalue}`;
      return `<pre class="output error">${ansiToHtml(text)}</pre>`;
    }
    default:
      return dataToHtml(output.data);
  }
}

type Render = (value: string, alt: string) => string;

/** Richest first. */
const renderers: Readonly<Record<string, Render>> = {
  "text/html": (value) => `<div class="output rich">${value}</div>`,
  "image/svg+xml": (value, alt) => image("image/svg+xml", Buffer.from(value).toString("base64"), alt),
  "image/png": raster("image/png"),
  "image/jpeg": raster("image/jpeg"),
  "image/webp": raster("image/webp"),
  "image/gif": raster("image/gif"),
  "text/markdown": (value) => `<div class="output prose">${markdownToHtml(value)}</div>`,
  "text/latex": (value) => `<div class="output prose">${markdownToHtml(value)}</div>`,
  "text/plain": (value) => `<pre class="output result">${ansiToHtml(value)}</pre>`,
};

function dataToHtml(data: MimeData): string {
  const plain = data["text/plain"];
  for (const [type, render] of Object.entries(renderers)) {
    const value = data[type];
    if (typeof value === "string") return render(value, typeof plain === "string" ? plain : "");
  }
  const json = data["application/json"];
  if (json === undefined) return "";
  return `<pre class="output result">${escapeHtml(JSON.stringify(json, undefined, 2))}</pre>`;
}

function raster(type: string): Render {
  return (value, alt) => image(type, value.replace(/\s/g, ""), alt);
}

/** As an `img` a drawing keeps its ids and styles to itself; the plain text stands in where images are not seen. */
function image(type: string, base64: string, alt: string): string {
  return `<div class="output rich"><img src="data:${type};base64,${base64}" alt="${escapeHtml(alt)}"></div>`;
}
