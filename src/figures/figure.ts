import type { Displayable } from "../display/index.js";
import type { Provenance } from "./provenance.js";

/** What plotly.js draws. */
export interface PlotlySpec {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>> & { readonly width: number; readonly height: number };
}

/** A drawing that knows where its numbers come from. */
export interface Figure extends Displayable {
  readonly spec: PlotlySpec;
  readonly provenance: Provenance;
  /** What the figure shows, in words; the plain text form of its display. */
  readonly summary: string;
  /** Sixteen hexadecimal digits that equal specifications share. */
  readonly id: string;
  /** A self-contained SVG image, drawn without a browser. */
  toSvg(): Promise<string>;
  /**
   * A PNG image.
   *
   * @param options.width in pixels; default the figure's width times `scale`
   * @param options.scale pixels per CSS pixel; default 2. Print at 300 dpi takes 3.125
   */
  toPng(options?: { width?: number; scale?: number }): Promise<Buffer>;
  /**
   * An HTML fragment that shows the static image and, where the plotly library is on the page, the interactive figure.
   *
   * @param options.library whether the fragment brings the library along (1.4 MB); default no
   */
  toHtml(options?: { library?: boolean }): Promise<string>;
  /**
   * Writes the figure, with its provenance inside, in the format that the ending names: .svg, .png (300 dpi), .html
   * (interactive, works offline) or .json (the plotly specification); makes the folder if need be.
   */
  save(path: string): Promise<void>;
}

/** What a figure is made of. */
export interface FigureParts {
  readonly spec: PlotlySpec;
  readonly summary: string;
  readonly provenance?: Provenance | undefined;
}

/** Above this many characters a notebook stores the figure as PNG. */
export const largestSvg = 300_000;
