import { requireInteger, requireThat } from "../check/index.js";
import { type GroupOf, requireGroups } from "../data/groupById.js";
import type { PairTable } from "../objectives/index.js";
import { createFigure } from "./createFigure.js";
import type { Figure } from "./figure.js";
import { type FigureOptions, figureLayout, fontSize, label, pixelsOf, widest } from "./layout.js";
import { heatmap, outlines, positiveDots } from "./pairs/drawing.js";
import { type Place, panelGeometry, references } from "./pairs/geometry.js";
import { gridOf } from "./pairs/grid.js";
import { columnLabels, type GroupLabel, groupLabels, panelAxes } from "./pairs/panelAxes.js";
import { readPanels } from "./pairs/panels.js";
import { type Roles, type Selection, select } from "./pairs/selection.js";

export interface PairMatricesOptions extends FigureOptions {
  /** Group of an item by its id, such as `groupById(dataset)`; equal groups make a negative a false one. */
  readonly groupOf: GroupOf;
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
  const selection = select(table, roles, requireGroups("pairMatrices", groupOf), limit);
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
  const labels = { rows: groupLabels(selection.rows.blocks, nameOf), columns: columnLabels(selection, grid, nameOf) };
  const margins = {
    left: widest(texts(labels.rows), fontSize.small) + 32,
    right: 66,
    top: 26,
    bottom: widest(texts(labels.columns), fontSize.small) + 30,
  };
  const geometry = panelGeometry(panels.length, width - margins.left - margins.right, grid.rows / grid.columns);
  const about = subtitle(selection, missing);
  const { layout, annotations } = figureLayout({
    width,
    panelHeight: geometry.height,
    margins,
    heading: { title, subtitle: about },
  });
  const shapes = outlines(selection, grid);
  return createFigure({
    summary: `${title}: ${panels.map(({ name }) => name).join(", ")}\n${about}`,
    provenance: options.provenance,
    spec: {
      data: [
        ...panels.map((panel, index) => heatmap(panel, geometry, index)),
        positiveDots(grid, positive as Float32Array, geometry.cell(grid)),
      ],
      layout: {
        ...layout,
        plot_bgcolor: "#D9D9D9",
        ...Object.assign({}, ...panels.map((_, index) => panelAxes(geometry, index, grid, labels))),
        shapes: panels.flatMap((_, index) => shapes.map((shape) => ({ ...shape, ...references(index) }))),
        annotations: [
          ...annotations,
          ...panels.map(({ name }, index) => {
            const { left, top } = geometry.places[index] as Place;
            return label(`<b>${name}</b>`, { x: left, y: top, yshift: 4, xanchor: "left", yanchor: "bottom" });
          }),
        ],
      },
    },
  });
}

const texts = (labels: readonly GroupLabel[]) => labels.map(({ text }) => text);

function subtitle({ rows, columns, own }: Selection, missing: readonly string[]): string {
  const part = ({ positions, total }: Selection["rows"], what: string) =>
    positions.length < total ? `${positions.length} of ${total} ${what}` : `${total} ${what}`;
  const sampled = rows.positions.length < rows.total || columns.positions.length < columns.total;
  return [
    `${part(rows, "anchors")} × ${part(columns, own ? "keys in the queue" : "candidates")}${sampled ? ", evenly from all classes" : ""}.`,
    own
      ? "Outlined: pairs of one class, false negatives."
      : "Outlined: pairs of one class, false negatives but for the positives (dots).",
    "Force: red pushes apart, blue pulls together.",
    ...(missing.length > 0 ? [`The method has no ${missing.join(" and no ")}.`] : []),
    "Grey: no pair.",
  ].join(" ");
}
