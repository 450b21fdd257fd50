import MarkdownIt from "markdown-it";
import { escapeHtml } from "../../display/index.js";
import type { MimeData } from "../format.js";
import { highlight } from "./highlight.js";
import { mathPlugin } from "./math.js";

/** HTML in Markdown is let through, as Jupyter does for a notebook one trusts: the notebook is the user's own. */
const markdown = new MarkdownIt({
  html: true,
  linkify: true,
  highlight: (code, language) => highlight(code, language),
}).use(mathPlugin);

markdown.core.ruler.push("heading_anchors", ({ tokens }) => {
  tokens.forEach((token, index) => {
    // Jupyter's own anchors: the heading's text with hyphens, so that links within a notebook keep working.
    if (token.type === "heading_open") token.attrSet("id", (tokens[index + 1]?.content ?? "").replace(/\s+/g, "-"));
  });
});

const drawImage = markdown.renderer.rules.image;

/** A picture on another machine is a link to it: the page fetches nothing. */
markdown.renderer.rules.image = (tokens, index, options, env, renderer) => {
  const token = tokens[index];
  const source = token?.attrGet("src") ?? "";
  if (!token || !/^(https?:)?\/\//.test(source)) return drawImage?.(tokens, index, options, env, renderer) ?? "";
  return `<a href="${escapeHtml(source)}">${escapeHtml(token.content || source)}</a>`;
};

/** Markdown (CommonMark, tables, `$…$` formulas) as HTML; `attachments` are the images stored in the cell. */
export function markdownToHtml(text: string, attachments: Readonly<Record<string, MimeData>> = {}): string {
  return markdown.render(embedAttachments(text, attachments));
}

function embedAttachments(text: string, attachments: Readonly<Record<string, MimeData>>): string {
  return text.replace(/attachment:([^)\s"']+)/g, (whole, name: string) => {
    const [type, base64] = Object.entries(attachments[decodeURIComponent(name)] ?? {})[0] ?? [];
    return typeof base64 === "string" ? `data:${type};base64,${base64}` : whole;
  });
}

/** The text of the first heading of level 1, or `undefined`. */
export function firstHeading(text: string): string | undefined {
  const tokens = markdown.parse(text, {});
  const at = tokens.findIndex(({ type, tag }) => type === "heading_open" && tag === "h1");
  return at < 0 ? undefined : tokens[at + 1]?.children?.map(({ content }) => content).join("");
}
