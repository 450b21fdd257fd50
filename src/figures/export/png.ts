import { Resvg } from "@resvg/resvg-js";
import type { Provenance } from "../provenance.js";
import { fontFiles } from "./font.js";
import { addPngText, asciiJson } from "./pngText.js";

/**
 * Rasterizes an SVG image on white.
 *
 * @throws RangeError `toPng: width and scale must be > 0, got …`
 */
export function svgToPng(svg: string, options: { width?: number; scale?: number }, provenance: Provenance): Buffer {
  const { width, scale = 2 } = options;
  if (!((width ?? 1) > 0 && scale > 0)) {
    throw new RangeError(`toPng: width and scale must be > 0, got ${width} and ${scale}`);
  }
  // resvg knows SVG 1.1's name of "pixelated" only.
  const image = new Resvg(svg.replaceAll("image-rendering: pixelated", "image-rendering: optimizeSpeed"), {
    background: "white",
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" },
    fitTo: width === undefined ? { mode: "zoom", value: scale } : { mode: "width", value: Math.round(width) },
  });
  return addPngText(image.render().asPng(), { Software: "Kontrast", Provenance: asciiJson(provenance) });
}
