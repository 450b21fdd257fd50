import { requireInteger, requireThat } from "../check/index.js";
import type { PairTable } from "../objectives/index.js";
import { createFigure } from "./createFigure.js";
import type { Figure } from "./figure.js";
import { type FigureOptions, figureLayout, fontSize, label, pixelsOf, plain, widest } from "./layout.js";
import { type Grid, gridOf } from "./pairs/grid.js";
import { readPanels } from "./pairs/panels.js";
import { type Block, type Roles, type Selection, select } from "./pairs/selection.js";

export interface PairMatricesOptions extends FigureOptions {
  /** Group of an item, such as `(id) => dataset.groups[id]`; equal groups make a negative a false one. */
  readonly groupOf: (item: number) => number;
  /** Names of the groups; default `group 0`, … */
  readonly classNames?: readonly string[];
  /** Rows, and columns, that are drawn at most, evenly from all groups; default 80. */
  readonly limit?: number;
}

/**
 * Draws what an objective said about every pair, side by side: similarity, target, prediction and force (which pairs
 * it pushes apart, red, and pulls together, blue). Rows and columns are sorted by group; negatives inside an outlined
 * block are false ones. Pairs that take no part are grey. A panel the method has no matrix for is left out and named.
 * With a queue, whose keys are nobody's positives, the own key of each anchor stands in a strip on the left.
 *
 * @throws RangeError `pairMatrices: prediction must be finite, got NaN for anchor 3 and candidate 5`
 */
export async function pairMatrices(table: PairTable, options: PairMatricesOptions): Promise<Figure> {
  const { groupOf, limit = 80, title = "What the objective says about pairs" } = options;
  requireInteger("pairMatrices", "limit", limit, 2);
  const [positive, negative] = await Promise.all(
    [table.pairs.positive, table.pairs.negative].map((mask) => mask.data<"float32">()),
  );
  const roles = { positive, negative } as Roles;
  const selection = select(table, roles, groupOf, limit);
  requireThat(
    selection.columns.positions.length > 0,
    "pairMatrices",
    "the table must have at least one negative, got 0",
  );
  const grid = gridOf(selection, table.candidates.length);
  const panels = await readPanels(table, roles, grid);
  const missing = (["target", "prediction", "force"] as const).filter((name) => !table[name]);
  const nameOf = (group: number) => (group < 0 ? "noise" : (options.classNames?.[group] ?? `group ${group}`));

  const width = pixelsOf("pairMatrices", options.width);
  const names = selection.rows.blocks.map(({ group }) => nameOf(group));
  const columnNames = [
    ...selection.columns.blocks.map(({ group }) => nameOf(group)),
    ...(selection.own ? ["own key"] : []),
  ];
  const across = panels.length === 1 ? 1 : 2;
  const down = Math.ceil(panels.length / across);
  const margins = {
    left: widest(names, fontSize.small) + 32,
    right: 66,
    top: 26,
    bottom: widest(columnNames, fontSize.small) + 30,
  };
  const between = { x: 86, y: 32 };
  const panelWidth = (width - margins.left - margins.right - (across - 1) * between.x) / across;
  const panelHeight = panelWidth * Math.min(1.4, Math.max(0.5, grid.rows / grid.columns));
  const area = {
    width: across * panelWidth + (across - 1) * between.x,
    height: down * panelHeight + (down - 1) * between.y,
  };
  const { layout, annotations } = figureLayout({
    width,
    panelHeight: area.height,
    margins,
    heading: { title, subtitle: subtitle(selection, missing) },
  });
  const blocks = outlines(selection, grid);
  const places = panels.map((_, index) => {
    const left = ((index % across) * (panelWidth + between.x)) / area.width;
    const top = 1 - (Math.floor(index / across) * (panelHeight + between.y)) / area.height;
    return { left, right: left + panelWidth / area.width, top, bottom: top - panelHeight / area.height };
  });
  const traces = panels.map(({ z, scale, unit, hover }, index) => {
    const { right, bottom } = places[index] as (typeof places)[number];
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
        len: panelHeight / area.height,
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
  });
  const axes = panels.map((_, index) => {
    const { left, right, top, bottom } = places[index] as (typeof places)[number];
    const lowest = index + across >= panels.length;
    const first = index % across === 0;
    const frame = {
      showgrid: false,
      zeroline: false,
      ticks: "",
      showline: true,
      mirror: true,
      linecolor: "#222222",
      linewidth: 0.8,
    };
    const groupTicks = (list: readonly Block[], shift: number, cell: number) => {
      const shown = list.filter(({ from, to }) => (to - from) * cell >= fontSize.small * 0.8);
      return {
        tickmode: "array",
        tickvals: shown.map(({ from, to }) => shift + (from + to - 1) / 2),
        ticktext: shown.map(({ group }) => plain(nameOf(group))),
        tickfont: { size: fontSize.small },
      };
    };
    const columns = groupTicks(selection.columns.blocks, grid.shift, panelWidth / grid.columns);
    if (grid.strip > 0) {
      columns.tickvals.push((grid.strip - 1) / 2);
      columns.ticktext.push("own key");
    }
    return {
      [`xaxis${suffix(index)}`]: {
        ...frame,
        ...columns,
        domain: [left, right],
        anchor: `y${suffix(index)}`,
        range: [-0.5, grid.columns - 0.5],
        showticklabels: lowest,
        tickangle: -90,
        ...(lowest && { title: { text: "candidate", standoff: 4, font: { size: fontSize.text } } }),
      },
      [`yaxis${suffix(index)}`]: {
        ...frame,
        ...groupTicks(selection.rows.blocks, 0, panelHeight / grid.rows),
        domain: [bottom, top],
        anchor: `x${suffix(index)}`,
        range: [grid.rows - 0.5, -0.5],
        showticklabels: first,
        ...(first && { title: { text: "anchor", standoff: 4, font: { size: fontSize.text } } }),
      },
    };
  });
  return createFigure({
    summary: `${title}: ${panels.map(({ name }) => name).join(", ")}\n${subtitle(selection, missing)}`,
    provenance: options.provenance,
    spec: {
      data: traces,
      layout: {
        ...layout,
        plot_bgcolor: "#D9D9D9",
        ...Object.assign({}, ...axes),
        shapes: panels.flatMap((_, index) =>
          blocks.map((shape) => ({ ...shape, xref: `x${suffix(index)}`, yref: `y${suffix(index)}` })),
        ),
        annotations: [
          ...annotations,
          ...panels.map(({ name }, index) =>
            label(`<b>${name}</b>`, {
              x: places[index]?.left,
              y: places[index]?.top,
              yshift: 4,
              xanchor: "left",
              yanchor: "bottom",
            }),
          ),
        ],
      },
    },
  });
}

const suffix = (panel: number) => (panel === 0 ? "" : String(panel + 1));

/** A dark line on a light one is seen on every colour. */
function outlines({ rows, columns }: Selection, { shift }: Grid) {
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

function subtitle({ rows, columns, own }: Selection, missing: readonly string[]): string {
  const part = ({ positions, total }: Selection["rows"], what: string) =>
    positions.length < total ? `${positions.length} of ${total} ${what}` : `${total} ${what}`;
  const sampled = rows.positions.length < rows.total || columns.positions.length < columns.total;
  return [
    `${part(rows, "anchors")} × ${part(columns, own ? "keys in the queue" : "candidates")}${sampled ? ", evenly from all classes" : ""}.`,
    "Outlined: pairs of one class, false negatives but for the positives.",
    "Force: red pushes apart, blue pulls together.",
    ...(missing.length > 0 ? [`The method has no ${missing.join(" and no ")}.`] : []),
    "Grey: no pair.",
  ].join(" ");
}
