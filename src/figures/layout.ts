import { requirePositive } from "../check/index.js";
import { fontFamily, textWidth } from "./export/font.js";

/** Widths of figures in inches: one column, the text of a one-column page (NeurIPS, ICLR), two columns (CVPR, ICML). */
export const venueWidths = { column: 3.25, text: 5.5, page: 6.75 } as const;

/** A venue's width, or inches. */
export type FigureWidth = keyof typeof venueWidths | number;

/** Options that all figures share. */
export interface FigureOptions {
  /** Default `page`. */
  readonly width?: FigureWidth;
  readonly title?: string;
  /** Where the numbers come from, such as `run.provenance`; stored in the figure's files. */
  readonly provenance?: object;
}

/** Sizes of text in CSS pixels (96 per inch): 11 px are 8.25 points in print. */
export const fontSize = { title: 13, text: 11, small: 10 } as const;

const ink = "#222222";
const faint = "#E4E4E4";

/** CSS pixels of a figure's width. */
export function pixelsOf(caller: string, width: FigureWidth = "page"): number {
  const inches = typeof width === "number" ? width : venueWidths[width];
  requirePositive(caller, "width", inches);
  return Math.round(inches * 96);
}

/** What stands above the panels: a title and a subtitle broken into lines. */
export interface Heading {
  readonly title: string;
  readonly subtitle?: string;
}

/** Space around the panels, in pixels; `top` without the heading. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The layout all figures share: white ground, one font, the heading at the top left, no room wasted. */
export function figureLayout(options: {
  readonly width: number;
  /** Height of the panels together. */
  readonly panelHeight: number;
  readonly margins: Margins;
  readonly heading: Heading;
}) {
  const { width, panelHeight, margins, heading } = options;
  const edge = 10;
  const lines = [
    ...wrap(heading.title, width - 2 * edge, fontSize.title, true).map((text) => ({ text, size: fontSize.title })),
    ...wrap(heading.subtitle ?? "", width - 2 * edge, fontSize.small).map((text) => ({ text, size: fontSize.small })),
  ];
  const headingHeight = lines.reduce((sum, { size }) => sum + lineHeight(size), edge);
  const top = Math.ceil(headingHeight + margins.top);
  let above = top - edge;
  const annotations = lines.map(({ text, size }) => {
    const bold = size === fontSize.title;
    const line = label(bold ? `<b>${plain(text)}</b>` : plain(text), {
      x: 0,
      y: 1,
      xshift: edge - margins.left,
      yshift: above,
      xanchor: "left",
      yanchor: "top",
      font: { size },
    });
    above -= lineHeight(size);
    return line;
  });
  return {
    layout: {
      width,
      height: Math.ceil(top + panelHeight + margins.bottom),
      margin: { l: margins.left, r: margins.right, t: top, b: margins.bottom, pad: 0 },
      paper_bgcolor: "#FFFFFF",
      plot_bgcolor: "#FFFFFF",
      font: { family: fontFamily, size: fontSize.text, color: ink },
      colorway: undefined,
      hoverlabel: { font: { family: fontFamily } },
      showlegend: false,
    },
    annotations,
  };
}

const lineHeight = (size: number) => size * 1.35;

/** A text at a place given in fractions of the panels' area (from the bottom left), shifted by pixels. */
export function label(text: string, place: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    text,
    showarrow: false,
    xref: "paper",
    yref: "paper",
    borderpad: 0,
    borderwidth: 0,
    align: "left",
    ...place,
  };
}

/** An axis of lines and bars. */
export function axis(title: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    title: { text: plain(title), standoff: 6, font: { size: fontSize.text } },
    tickfont: { size: fontSize.small },
    showline: true,
    linecolor: ink,
    linewidth: 1,
    ticks: "outside",
    ticklen: 4,
    tickcolor: ink,
    gridcolor: faint,
    zeroline: false,
    automargin: false,
    ...more,
  };
}

/** Text as plotly shows it letter by letter: its pseudo-HTML (`<b>`, `<br>`, `&amp;`) has no effect. */
export function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * Breaks a text into lines of at most `width` pixels, at spaces (not at no-break spaces); a word that is wider stands
 * alone.
 */
export function wrap(text: string, width: number, size: number, bold = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(/[ \n\t]+/).filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, size, bold) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Width of the widest of some texts, in whole pixels. */
export function widest(texts: readonly string[], size: number): number {
  return Math.ceil(Math.max(0, ...texts.map((text) => textWidth(text, size, false))));
}

/** A number with four significant digits: what a figure's file needs of a measured value. */
export function short(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}
