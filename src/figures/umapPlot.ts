import { requireThat } from "../check/index.js";
import { createFigure } from "./createFigure.js";
import type { Figure } from "./figure.js";
import { type FigureOptions, figureLayout, fontSize, pixelsOf, plain, short, widest } from "./layout.js";
import { classColour, classSymbol } from "./palettes.js";

export interface UmapPlotOptions extends FigureOptions {
  /** Class of each point, an index into `classNames`. */
  readonly labels: ArrayLike<number>;
  /** Default `class 0`, `class 1`, … */
  readonly classNames?: readonly string[];
  /** Item id of each point, shown on hover. */
  readonly ids?: ArrayLike<number>;
}

/**
 * Draws a two-dimensional map of a representation with one colour per class. UMAP's axes have no meaning and distances
 * between far groups little, so there are no ticks.
 *
 * @param coordinates one [x, y] per item, such as {@link umap} returns
 * @throws RangeError `umapPlot: labels must have one entry per point, got 3 for 4 points`
 * @throws RangeError `umapPlot: coordinates must be finite, got [NaN, 0] for point 2`
 */
export function umapPlot(coordinates: readonly (readonly number[])[], options: UmapPlotOptions): Figure {
  const { labels, ids, title = "UMAP of the representation" } = options;
  const count = coordinates.length;
  requireThat(count > 0, "umapPlot", "coordinates must have at least one point, got 0");
  for (const [name, list] of Object.entries({ labels, ids })) {
    if (!list) continue;
    requireThat(
      list.length === count,
      "umapPlot",
      `${name} must have one entry per point, got ${list.length} for ${count} points`,
    );
  }
  coordinates.forEach(([x, y], point) => {
    const finite = Number.isFinite(x) && Number.isFinite(y);
    requireThat(finite, "umapPlot", `coordinates must be finite, got [${x}, ${y}] for point ${point}`);
  });
  const classes = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  const names = classes.map((label) => options.classNames?.[label] ?? `class ${label}`);
  const width = pixelsOf("umapPlot", options.width ?? "text");
  const margins = { left: 12, right: widest(names, fontSize.text) + 46, top: 8, bottom: 12 };
  const panel = width - margins.left - margins.right;
  const { layout, annotations } = figureLayout({
    width,
    panelHeight: Math.max(Math.round(panel * 0.85), names.length * 19),
    margins,
    heading: { title, subtitle: `${count} items; axes without unit` },
  });
  const size = Math.max(2.5, Math.min(7, 120 / Math.sqrt(count)));
  const frame = {
    showticklabels: false,
    ticks: "",
    showgrid: false,
    zeroline: false,
    showline: true,
    mirror: true,
    linecolor: "#999999",
  };
  return createFigure({
    summary: `${title}: ${count} items of ${classes.length} classes (${names.join(", ")})`,
    provenance: options.provenance,
    spec: {
      data: classes.map((label, index) => {
        const points = coordinates.flatMap((_, point) => (labels[point] === label ? [point] : []));
        return {
          type: "scatter",
          mode: "markers",
          name: plain(names[index] as string),
          x: points.map((point) => short(coordinates[point]?.[0] as number, 5)),
          y: points.map((point) => short(coordinates[point]?.[1] as number, 5)),
          ...(ids && { customdata: points.map((point) => ids[point]) }),
          hovertemplate: ids ? "item %{customdata}" : "",
          marker: {
            color: classColour(label),
            symbol: classSymbol(label),
            size,
            line: { color: "#FFFFFF", width: 0.4 },
          },
        };
      }),
      layout: {
        ...layout,
        showlegend: true,
        legend: {
          x: 1,
          xanchor: "left",
          xref: "paper",
          y: 1,
          yanchor: "top",
          itemsizing: "constant",
          tracegroupgap: 0,
          bgcolor: "rgba(0,0,0,0)",
        },
        xaxis: frame,
        yaxis: frame,
        annotations,
      },
    },
  });
}
