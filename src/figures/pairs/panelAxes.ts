import { fontSize, plain } from "../layout.js";
import { type PanelGeometry, type Place, suffix } from "./geometry.js";
import type { Grid } from "./grid.js";
import type { Block, Selection } from "./selection.js";

/** A name at the middle of its rows or columns. */
export interface GroupLabel {
  readonly at: number;
  readonly text: string;
  /** Rows or columns it has to itself. */
  readonly extent: number;
}

/** Names the blocks of a sorted axis that begins at `shift`. */
export function groupLabels(blocks: readonly Block[], nameOf: (group: number) => string, shift = 0): GroupLabel[] {
  return blocks.map(({ group, from, to }) => ({
    at: shift + (from + to - 1) / 2,
    text: nameOf(group),
    extent: to - from,
  }));
}

/** Names the columns, with the strip of own keys where there is one. */
export function columnLabels(selection: Selection, grid: Grid, nameOf: (group: number) => string): GroupLabel[] {
  const strip = { at: (grid.strip - 1) / 2, text: "own key", extent: Number.POSITIVE_INFINITY };
  const candidates = groupLabels(selection.columns.blocks, nameOf, grid.shift);
  return grid.strip > 0 ? [strip, ...candidates] : candidates;
}

/** The two axes of a panel: group names at the left and lower edge of the figure, where they do not overlap. */
export function panelAxes(
  geometry: PanelGeometry,
  index: number,
  grid: Grid,
  labels: { readonly rows: readonly GroupLabel[]; readonly columns: readonly GroupLabel[] },
): Record<string, unknown> {
  const { left, right, top, bottom } = geometry.places[index] as Place;
  const cell = geometry.cell(grid);
  const lowest = index + geometry.across >= geometry.places.length;
  const leftmost = index % geometry.across === 0;
  const titled = (text: string) => ({ title: { text, standoff: 4, font: { size: fontSize.text } } });
  return {
    [`xaxis${suffix(index)}`]: {
      ...frame,
      ...ticks(labels.columns, cell.width),
      domain: [left, right],
      anchor: `y${suffix(index)}`,
      range: [-0.5, grid.columns - 0.5],
      tickangle: -90,
      showticklabels: lowest,
      ...(lowest && titled("candidate")),
    },
    [`yaxis${suffix(index)}`]: {
      ...frame,
      ...ticks(labels.rows, cell.height),
      domain: [bottom, top],
      anchor: `x${suffix(index)}`,
      range: [grid.rows - 0.5, -0.5],
      showticklabels: leftmost,
      ...(leftmost && titled("anchor")),
    },
  };
}

const frame = {
  showgrid: false,
  zeroline: false,
  ticks: "",
  showline: true,
  mirror: true,
  linecolor: "#222222",
  linewidth: 0.8,
};

function ticks(labels: readonly GroupLabel[], cell: number) {
  const shown = labels.filter(({ extent }) => extent * cell >= fontSize.small * 0.8);
  return {
    tickmode: "array",
    tickvals: shown.map(({ at }) => at),
    ticktext: shown.map(({ text }) => plain(text)),
    tickfont: { size: fontSize.small },
  };
}
