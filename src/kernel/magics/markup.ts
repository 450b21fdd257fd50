import { withoutTags } from "../../display/index.js";
import { type Magic, MagicError, requireNoArgument } from "./magic.js";

/** A magic that shows the rest of the cell. */
function shows(name: string, what: string, mimeType: string, text: (body: string) => string): Magic {
  const magic: Magic = {
    usage: `%%${name}`,
    summary: `Shows the rest of the cell as ${what}.`,
    async run({ argument, body }, { show }) {
      requireNoArgument(magic, argument);
      if (body.trim() === "") throw new MagicError(`%%${name}: the cell must have more lines`);
      await show({ [mimeType]: body, "text/plain": text(body) });
      return undefined;
    },
  };
  return magic;
}

const asItIs = (body: string) => body;

/** `%%html`, `%%markdown`, … */
export const markupMagics: Readonly<Record<string, Magic>> = {
  html: shows("html", "HTML", "text/html", withoutTags),
  markdown: shows("markdown", "Markdown", "text/markdown", asItIs),
  svg: shows("svg", "an SVG image", "image/svg+xml", () => "<svg image>"),
  latex: shows("latex", "LaTeX", "text/latex", asItIs),
  javascript: shows("javascript", "JavaScript that runs in the browser", "text/javascript", () => "<script>"),
};
