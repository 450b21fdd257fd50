import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { create, type Font } from "fontkit";

/** The font of all figures. Verdana, which most machines without it have, has nearly the same widths. */
export const fontFamily = "DejaVu Sans, Verdana, Geneva, sans-serif";

/** The faces that figures use, as files. */
export const fontFiles = (["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"] as const).map((file) =>
  createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`),
);

/** Height of the font above and below the baseline, in em. */
export const ascent = 1901 / 2048;
export const descent = 483 / 2048;

/** Width of a line of text in pixels; `size` is the font's in pixels. */
export function textWidth(text: string, size: number, bold: boolean): number {
  const key = `${bold ? "b" : "r"}${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    const face = openFace(bold);
    width = face.layout(text).advanceWidth / face.unitsPerEm;
    if (widths.size > 10_000) widths.clear();
    widths.set(key, width);
  }
  return width * size;
}

/** In em. */
const widths = new Map<string, number>();
const faces = new Map<boolean, Font>();

function openFace(bold: boolean): Font {
  let face = faces.get(bold);
  if (!face) {
    const opened = create(readFileSync(fontFiles[bold ? 1 : 0] as string));
    if (!("layout" in opened)) throw new Error(`figures: ${fontFiles[bold ? 1 : 0]} is a collection, not one font`);
    face = opened;
    faces.set(bold, face);
  }
  return face;
}
