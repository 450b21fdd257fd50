import { requireThat } from "../check/index.js";
import { createFigure } from "./createFigure.js";
import type { Figure } from "./figure.js";
import { axis, type FigureOptions, figureLayout, fontSize, label, pixelsOf, plain, short, widest } from "./layout.js";
import { classColour } from "./palettes.js";

/** A point of a loss curve: the loss of optimizer step `index`, in nats. */
export interface LossPoint {
  readonly index: number;
  readonly loss: number;
}

/** What a loss curve is drawn of: a run of `fit`, or a name and a history. */
export type LossSource =
  | { readonly name: string; readonly history: readonly LossPoint[]; readonly provenance?: unknown }
  | {
      readonly method: { readonly name: string };
      readonly history: readonly LossPoint[];
      readonly provenance?: { readonly run?: string };
    };

/**
 * Draws the training loss of one or several runs: every step thin, the mean over the steps around it thick. Objectives differ in scale
 * and in their smallest value, so curves tell how a run went, not which objective is better.
 *
 * @param options.smoothing steps that the mean is taken over; default a twentieth of the run
 * @throws RangeError `lossCurves: runs must have at least one run, got 0`
 * @throws RangeError `lossCurves: the loss of "sce" must be finite, got NaN at step 12`
 */
export function lossCurves(
  runs: LossSource | readonly LossSource[],
  options: FigureOptions & { smoothing?: number } = {},
): Figure {
  const sources = "history" in runs ? [runs] : runs;
  requireThat(sources.length > 0, "lossCurves", "runs must have at least one run, got 0");
  const curves = sources.map(curveOf);
  const width = pixelsOf("lossCurves", options.width ?? "text");
  const names = curves.map(({ name }) => name);
  const margins = { left: 52, right: widest(names, fontSize.text) + 22, top: 8, bottom: 44 };
  const panelHeight = Math.round(width * 0.42);
  const { layout, annotations } = figureLayout({
    width,
    panelHeight,
    margins,
    heading: {
      title: options.title ?? "Training loss",
      subtitle: "thin: every step; thick: mean over the steps around",
    },
  });
  const smooth = curves.map(({ points }) => runningMean(points, options.smoothing ?? Math.max(1, points.length / 20)));
  const ends = smooth.map((points) => (points.at(-1) as LossPoint).loss);
  const all = curves.flatMap(({ points }) => points.map(({ loss }) => loss));
  const [low, high] = padded(Math.min(...all), Math.max(...all));
  const spread = spreadOut(ends, ((high - low) / panelHeight) * fontSize.text * 1.2);
  return createFigure({
    summary: [
      `${options.title ?? "Training loss"} (nats)`,
      ...curves.map(({ name, points }, index) => {
        const first = points[0] as LossPoint;
        return `${name}: ${short(first.loss)} at the first step, ${short(ends[index] as number)} (mean of the last steps) after ${points.length}`;
      }),
    ].join("\n"),
    provenance: {
      runs: sources.map(({ provenance }, index) => ({ name: names[index], provenance })),
      ...options.provenance,
    },
    spec: {
      data: curves.flatMap(({ name, points }, index) => [
        {
          ...line(name, thinned(points), classColour(index)),
          line: { color: classColour(index), width: 0.8 },
          opacity: 0.35,
          hoverinfo: "skip",
        },
        {
          ...line(name, thinned(smooth[index] as LossPoint[]), classColour(index)),
          line: { color: classColour(index), width: 2 },
        },
      ]),
      layout: {
        ...layout,
        xaxis: axis("optimizer step"),
        yaxis: axis("loss (nats)", { range: [low, high] }),
        annotations: [
          ...annotations,
          ...names.map((name, index) =>
            label(`<b>${plain(name)}</b>`, {
              x: 1,
              y: spread[index],
              yref: "y",
              xshift: 6,
              xanchor: "left",
              yanchor: "middle",
              font: { size: fontSize.small, color: classColour(index) },
            }),
          ),
        ],
      },
    },
  });
}

function curveOf(source: LossSource): { name: string; points: readonly LossPoint[] } {
  const name = "name" in source ? source.name : (source.provenance?.run ?? source.method.name);
  const points = source.history;
  requireThat(points.length > 0, "lossCurves", `the history of "${name}" must have at least one step, got 0`);
  for (const { index, loss } of points) {
    requireThat(
      Number.isFinite(loss),
      "lossCurves",
      `the loss of "${name}" must be finite, got ${loss} at step ${index}`,
    );
  }
  return { name, points };
}

function line(name: string, points: readonly LossPoint[], color: string) {
  return {
    type: "scatter",
    mode: points.length > 1 ? "lines" : "markers",
    name: plain(name),
    x: points.map(({ index }) => index),
    y: points.map(({ loss }) => short(loss, 5)),
    marker: { color, size: 5 },
    hovertemplate: "step %{x}: %{y} nats",
  };
}

/** Mean over the steps around each step; over fewer at the steep start, over those there are at the end. */
function runningMean(points: readonly LossPoint[], steps: number): LossPoint[] {
  const half = Math.floor(steps / 2);
  const sums = [0];
  for (const { loss } of points) sums.push((sums.at(-1) as number) + loss);
  return points.map(({ index }, at) => {
    const reach = Math.min(half, at);
    const [from, to] = [at - reach, Math.min(points.length, at + reach + 1)];
    return { index, loss: ((sums[to] as number) - (sums[from] as number)) / (to - from) };
  });
}

/** At most 1000 points: means of neighbouring steps. */
function thinned(points: readonly LossPoint[]): LossPoint[] {
  const stride = Math.ceil(points.length / 1000);
  if (stride === 1) return [...points];
  return Array.from({ length: Math.ceil(points.length / stride) }, (_, at) => {
    const part = points.slice(at * stride, (at + 1) * stride);
    const mean = part.reduce((sum, { loss }) => sum + loss, 0) / part.length;
    return { index: (part[Math.floor(part.length / 2)] as LossPoint).index, loss: mean };
  });
}

function padded(low: number, high: number): [number, number] {
  const margin = (high - low || Math.abs(high) || 1) * 0.05;
  return [low - margin, high + margin];
}

/** Moves values that are closer than `gap` apart, so that labels beside them do not overlap; keeps their order. */
function spreadOut(values: readonly number[], gap: number): number[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] as number) - (values[b] as number));
  const placed = [...values];
  for (let round = 0; round < 50; round++) {
    for (let at = 1; at < order.length; at++) {
      const [below, above] = [order[at - 1] as number, order[at] as number];
      const missing = gap - ((placed[above] as number) - (placed[below] as number));
      if (missing <= 0) continue;
      placed[below] = (placed[below] as number) - missing / 2;
      placed[above] = (placed[above] as number) + missing / 2;
    }
  }
  return placed;
}
