import { createHash } from "node:crypto";
import { displaySymbol, type MimeBundle } from "../display/index.js";
import { drawSvg } from "./export/drawing.js";
import { svgToPng } from "./export/png.js";
import { saveFigure } from "./export/save.js";
import { type Figure, type FigureParts, largestSvg } from "./figure.js";
import { figureHtml } from "./html/figureHtml.js";
import { carriesLibrary } from "./html/library.js";
import { withVersions } from "./provenance.js";

/** Makes a figure from a plotly specification; drawing starts when the first image is asked for. */
export function createFigure(parts: FigureParts): Figure {
  const { spec, summary } = parts;
  const id = createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 16);
  let drawn: Promise<string> | undefined;
  const figure: Figure = {
    spec,
    summary,
    id,
    provenance: withVersions(parts.provenance),
    toSvg() {
      drawn ??= drawSvg(figure);
      return drawn;
    },
    toPng: async (options = {}) => svgToPng(await figure.toSvg(), options, figure.provenance),
    toHtml: (options = {}) => figureHtml(figure, options.library ?? false),
    save: (path) => saveFigure(figure, path),
    async [displaySymbol](): Promise<MimeBundle> {
      const [html, svg] = [await figure.toHtml({ library: carriesLibrary() }), await figure.toSvg()];
      const image =
        svg.length > largestSvg ? { "image/png": (await figure.toPng()).toString("base64") } : { "image/svg+xml": svg };
      return { "text/html": html, ...image, "text/plain": summary };
    },
  };
  return figure;
}
