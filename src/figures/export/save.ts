import { extname } from "node:path";
import { replaceFile } from "../../check/index.js";
import { escapeHtml } from "../../display/index.js";
import type { Figure } from "../figure.js";

const formats: Record<string, (figure: Figure) => Promise<string | Buffer>> = {
  ".svg": (figure) => figure.toSvg(),
  ".png": (figure) => figure.toPng({ scale: 300 / 96 }),
  ".html": page,
  ".json": async ({ spec, summary, provenance }) => `${JSON.stringify({ ...spec, summary, provenance })}\n`,
};

/**
 * Writes a figure to a file; the old file stays whole until the new one is complete.
 *
 * @throws RangeError `save: the file's ending must be one of .svg, .png, .html, .json, got "figure.gif"`
 */
export async function saveFigure(figure: Figure, path: string): Promise<void> {
  const ending = extname(path).toLowerCase();
  const format = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  if (!format) {
    throw new RangeError(`save: the file's ending must be one of ${Object.keys(formats).join(", ")}, got "${path}"`);
  }
  await replaceFile(path, await format(figure));
}

async function page(figure: Figure): Promise<string> {
  // A comment must hold neither "--" nor ">"; inside JSON strings both can be written as escapes.
  const provenance = JSON.stringify(figure.provenance).replaceAll("-", "\\u002d").replaceAll(">", "\\u003e");
  return (
    `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${escapeHtml(firstLine(figure.summary))}</title>\n` +
    `<!-- provenance: ${provenance} -->\n</head>\n<body>\n${await figure.toHtml({ library: true })}\n</body>\n</html>\n`
  );
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] as string;
}
