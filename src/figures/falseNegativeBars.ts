import { requireThat } from "../check/index.js";
import { createFigure } from "./createFigure.js";
import type { Figure } from "./figure.js";
import { axis, type FigureOptions, figureLayout, fontSize, label, pixelsOf, plain, short, widest } from "./layout.js";
import { classColour } from "./palettes.js";

/** The measures of one method, as `falseNegatives` returns them; NaN where a measure is not defined. */
export interface NamedMeasures {
  readonly name: string;
  readonly measures: {
    readonly pressure: number;
    readonly relief: number;
    readonly repulsionShare: number;
    readonly chance: number;
  };
}

const panels = [
  { key: "pressure", title: "pressure", axis: "prediction on them" },
  { key: "relief", title: "relief", axis: "target on them" },
  { key: "repulsionShare", title: "repulsion share", axis: "share spent on them" },
] as const;

/**
 * Compares what methods do to false negatives: how much they are predicted (pressure), wanted (relief) and which share
 * of all repulsion is spent on them, beside the share that chance would spend.
 *
 * @throws RangeError `falseNegativeBars: measures must have at least one method, got 0`
 * @throws RangeError `falseNegativeBars: pressure of "sce" must be >= 0 or NaN (not defined), got -1`
 */
export function falseNegativeBars(measures: readonly NamedMeasures[], options: FigureOptions = {}): Figure {
  requireThat(measures.length > 0, "falseNegativeBars", "measures must have at least one method, got 0");
  for (const { name, measures: values } of measures) {
    for (const key of ["pressure", "relief", "repulsionShare", "chance"] as const) {
      const valid = Number.isNaN(values[key]) || (values[key] >= 0 && Number.isFinite(values[key]));
      requireThat(
        valid,
        "falseNegativeBars",
        `${key} of "${name}" must be >= 0 or NaN (not defined), got ${values[key]}`,
      );
    }
  }
  const title = options.title ?? "False negatives";
  const width = pixelsOf("falseNegativeBars", options.width);
  const names = measures.map(({ name }) => plain(name));
  const nameWidth = widest(
    measures.map(({ name }) => name),
    fontSize.small,
  );
  // Three panels beside each other, or below each other in a narrow figure.
  const across = width >= 450 ? 3 : 1;
  const panelWidth = (width - margin.left - margin.right - (across - 1) * margin.between) / across;
  const upright = nameWidth + 6 > panelWidth / names.length;
  const below = upright ? nameWidth + 14 : 28;
  const panelHeight = Math.round(Math.max(110, width * 0.27));
  const between = below + 30;
  const height = across === 3 ? panelHeight : 3 * panelHeight + 2 * between;
  const places = panels.map((_, index) => {
    const [column, row] = across === 3 ? [index, 0] : [0, index];
    const all = width - margin.left - margin.right;
    const left = (column * (panelWidth + margin.between)) / all;
    const top = 1 - (row * (panelHeight + between)) / height;
    return {
      x: [left, Math.min(1, left + panelWidth / all)],
      y: [Math.max(0, top - panelHeight / height), top],
    } as const;
  });
  const { layout, annotations } = figureLayout({
    width,
    panelHeight: height,
    margins: { ...margin, top: 28, bottom: below },
    heading: { title, subtitle: "dashed line: the share that chance would spend; n/a: not defined for the method" },
  });
  const traces = panels.map(({ key }, panel) => ({
    type: "bar",
    x: names,
    y: measures.map(({ measures: values }) => finiteOrNull(values[key])),
    xaxis: `x${suffix(panel)}`,
    yaxis: `y${suffix(panel)}`,
    width: 0.62,
    marker: { color: measures.map((_, index) => classColour(index)) },
    hovertemplate: `%{x}: %{y}<extra></extra>`,
  }));
  const axes = panels.map((panel, index) => {
    const values = measures.flatMap(({ measures: all }) =>
      panel.key === "repulsionShare" ? [all.repulsionShare, all.chance] : [all[panel.key]],
    );
    const top = Math.max(...values.filter(Number.isFinite), 0) * 1.18 || 1;
    return {
      [`xaxis${suffix(index)}`]: axis("", {
        domain: places[index]?.x,
        tickangle: upright ? -90 : 0,
        anchor: `y${suffix(index)}`,
        ticks: "",
        showgrid: false,
        type: "category",
      }),
      [`yaxis${suffix(index)}`]: axis(panel.axis, {
        anchor: `x${suffix(index)}`,
        domain: places[index]?.y,
        range: [0, top],
        nticks: 6,
      }),
    };
  });
  const chance = measures.flatMap(({ measures: { chance: value } }, index) =>
    Number.isNaN(value)
      ? []
      : [
          {
            type: "line",
            xref: "x3",
            yref: "y3",
            x0: index - 0.42,
            x1: index + 0.42,
            y0: value,
            y1: value,
            line: { color: "#000000", width: 1.5, dash: "4px,2px" },
          },
        ],
  );
  // Not texts of the bars: the line of chance, often just above a bar, would run through them.
  const numbers = panels.flatMap(({ key }, panel) =>
    measures.map(({ measures: values }, index) => {
      const isDefined = !Number.isNaN(values[key]);
      const heights = [values[key], key === "repulsionShare" ? values.chance : 0].filter(Number.isFinite);
      return label(isDefined ? String(short(values[key], 3)) : "n/a", {
        x: index,
        y: isDefined ? Math.max(...heights) : 0,
        xref: `x${suffix(panel)}`,
        yref: `y${suffix(panel)}`,
        yanchor: "bottom",
        yshift: isDefined ? 1 : 0,
        font: { size: fontSize.small },
      });
    }),
  );
  const titles = panels.map((panel, index) =>
    label(`<b>${panel.title}</b>`, {
      x: places[index]?.x[0],
      y: places[index]?.y[1],
      yshift: 8,
      xanchor: "left",
      yanchor: "bottom",
    }),
  );
  return createFigure({
    summary: [title, ...measures.map(inWords)].join("\n"),
    provenance: options.provenance,
    spec: {
      data: traces,
      layout: {
        ...layout,
        ...Object.assign({}, ...axes),
        shapes: chance,
        annotations: [...annotations, ...titles, ...numbers],
      },
    },
  });
}

/** Pixels; `between` two panels stands the axis of the right one. */
const margin = { left: 52, right: 12, between: 62 } as const;

const suffix = (panel: number) => (panel === 0 ? "" : String(panel + 1));
const finiteOrNull = (value: number) => (Number.isNaN(value) ? null : short(value));

function inWords({ name, measures }: NamedMeasures): string {
  const word = (value: number) => (Number.isNaN(value) ? "not defined" : String(short(value, 3)));
  return (
    `${name}: pressure ${word(measures.pressure)}, relief ${word(measures.relief)}, ` +
    `repulsion share ${word(measures.repulsionShare)} (chance ${word(measures.chance)})`
  );
}
