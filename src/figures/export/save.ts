import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { extname } from "node:path";
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
  const content = await format(figure);
  const unfinished = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeFile(unfinished, content);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
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
