import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { escapeHtml } from "../../display/index.js";
import type { Figure } from "../figure.js";
import type { Box } from "./matrix.js";
import { boxOf, type SvgElement, screenBoxOf } from "./measure.js";

/** The file of the plotly library that figures are drawn with, here and in the browser. */
export const plotlyFile = createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min");

/**
 * Draws a figure as SVG without a browser: plotly runs under jsdom, which lays nothing out, so text
 * and boxes are measured here with the font's own metrics, and heat maps are rasterized by a canvas for Node.
 * jsdom and plotly (about 0.7 s) are loaded at the first call.
 */
export async function drawSvg(figure: Pick<Figure, "id" | "spec" | "summary" | "provenance">): Promise<string> {
  workshop ??= openWorkshop();
  const { plotly, document } = await workshop;
  const place = document.createElement("div");
  document.body.append(place);
  try {
    // Plotly completes what it is given in place, so it gets a copy.
    const { data, layout } = structuredClone(figure.spec);
    // Traces without a name of their own get a random one.
    const named = data.map((trace, index) => ({ uid: `trace${index}`, ...trace }));
    await plotly.newPlot(place, named, layout, { staticPlot: true });
    return complete(plotly.Snapshot.toSVG(place, "svg", 1), figure);
  } finally {
    plotly.purge(place);
    place.remove();
  }
}

/** Gives the image a title, its provenance, and names of elements that are its own on a page and the same each time. */
function complete(svg: string, { id, summary, provenance }: Pick<Figure, "id" | "summary" | "provenance">): string {
  const random = svg.match(/<defs id="defs-(\w+)"/)?.[1];
  if (!random) throw new Error("figures: plotly drew an SVG image of an unknown form");
  const description =
    `<title>${escapeHtml(summary)}</title>` + `<metadata>${escapeHtml(JSON.stringify(provenance))}</metadata>`;
  return svg
    .replace(/\bid="[^"]*"|url\(#[^)]*\)|href="#[^"]*"/g, (name) => name.replace(random, `k${id}`))
    .replace(
      /<svg class="main-svg"([^>]*?) style=""([^>]*)>/,
      (_, before, after) => `<svg${before}${after}>${description}`,
    );
}

interface Plotly {
  newPlot(place: unknown, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  purge(place: unknown): void;
  Snapshot: { toSVG(place: unknown, format: string, scale: number): string };
}

interface Workshop {
  plotly: Plotly;
  document: import("jsdom").DOMWindow["document"];
}

let workshop: Promise<Workshop> | undefined;

async function openWorkshop(): Promise<Workshop> {
  const [{ JSDOM }, { createCanvas }, library] = await Promise.all([
    import("jsdom"),
    import("@napi-rs/canvas"),
    readFile(plotlyFile, "utf8"),
  ]);
  const { window } = new JSDOM("<!DOCTYPE html><body></body>", { runScripts: "outside-only", pretendToBeVisual: true });

  Object.assign(window.SVGElement.prototype, {
    getBBox(this: SvgElement) {
      return rectangle(boxOf(this));
    },
    getBoundingClientRect(this: SvgElement) {
      return rectangle(screenBoxOf(this));
    },
    getComputedTextLength(this: SvgElement) {
      return rectangle(boxOf(this)).width;
    },
  });

  // Plotly then draws a heat map with one pixel per cell, which stays sharp at every size.
  Object.assign(window, { CSS: { supports: (name: string) => name === "image-rendering" } });
  const canvases = new WeakMap<object, import("@napi-rs/canvas").Canvas>();
  Object.assign(window.HTMLCanvasElement.prototype, {
    getContext(this: { width: number; height: number }) {
      const canvas = createCanvas(this.width, this.height);
      canvases.set(this, canvas);
      return canvas.getContext("2d");
    },
    toDataURL(this: object) {
      return canvases.get(this)?.toDataURL("image/png") ?? "data:,";
    },
  });

  window.eval(library);
  return { plotly: (window as unknown as { Plotly: Plotly }).Plotly, document: window.document };
}

function rectangle(box: Box = { left: 0, top: 0, right: 0, bottom: 0 }) {
  const { left, top, right, bottom } = box;
  return { ...box, x: left, y: top, width: right - left, height: bottom - top };
}
