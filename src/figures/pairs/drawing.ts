import { fontSize } from "../layout.js";
import { type PanelGeometry, type Place, suffix } from "./geometry.js";
import type { Grid } from "./grid.js";
import type { Panel } from "./panels.js";
import type { Selection } from "./selection.js";

/** A panel's heat map with its colour bar on the right. */
export function heatmap({ z, scale, unit, hover }: Panel, geometry: PanelGeometry, index: number) {
  const { right, top, bottom } = geometry.places[index] as Place;
  return {
    type: "heatmap",
    z,
    xaxis: `x${suffix(index)}`,
    yaxis: `y${suffix(index)}`,
    zmin: scale.low,
    zmax: scale.high,
    colorscale: scale.colorscale,
    hoverongaps: false,
    hovertemplate: `row %{y}, column %{x}: ${hover}<extra></extra>`,
    colorbar: {
      x: right,
      xpad: 6,
      xanchor: "left",
      y: bottom,
      yanchor: "bottom",
      ypad: 0,
      len: top - bottom,
      thickness: 9,
      outlinewidth: 0,
      title: { text: unit, side: "right", font: { size: fontSize.small } },
      tickmode: "array",
      tickvals: scale.ticks.at,
      ticktext: scale.ticks.text,
      tickfont: { size: fontSize.small - 1 },
      ticks: "outside",
      ticklen: 3,
    },
  };
}

/** Marks the positives among the candidates, in the first panel only: in the others they would hide their values. */
export function positiveDots(grid: Grid, positive: Float32Array, cell: { width: number; height: number }) {
  const places: { x: number; y: number }[] = [];
  for (let y = 0; y < grid.rows; y++) {
    for (let x = grid.shift; x < grid.columns; x++) {
      if (positive[grid.at(y, x)]) places.push({ x, y });
    }
  }
  const size = Math.min(6, 0.9 * Math.min(cell.width, cell.height));
  return {
    type: "scatter",
    mode: "markers",
    x: places.map(({ x }) => x),
    y: places.map(({ y }) => y),
    marker: { color: "#FFFFFF", size, line: { color: "#000000", width: 0.7 } },
    hoverinfo: "skip",
  };
}

/** A dark line on a light one is seen on every colour. */
export function outlines({ rows, columns }: Selection, { shift }: Grid) {
  return rows.blocks.flatMap(({ group, from, to }) => {
    const across = columns.blocks.find((block) => block.group === group);
    if (!across) return [];
    const box = {
      type: "rect",
      x0: shift + across.from - 0.5,
      x1: shift + across.to - 0.5,
      y0: from - 0.5,
      y1: to - 0.5,
    };
    return [
      { ...box, line: { color: "#FFFFFF", width: 2.2 } },
      { ...box, line: { color: "#000000", width: 1 } },
    ];
  });
}
