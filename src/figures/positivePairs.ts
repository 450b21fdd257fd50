import { requireInteger, requireThat } from "../check/index.js";
import { pixelPng } from "../display/index.js";
import type { Tensor4D } from "../engine/tensor.js";
import { describeView, type ViewRef } from "../views/index.js";
import { createFigure } from "./createFigure.js";
import { textWidth } from "./export/font.js";

import type { Figure } from "./figure.js";
import { type FigureOptions, figureLayout, fontSize, label, pixelsOf, plain, wrap } from "./layout.js";

export interface PositivePairsOptions extends FigureOptions {
  /** Items that are shown at most, the first of the batch; default 6. */
  readonly count?: number;
  /** A view's parameters in words; default `describeView`. */
  readonly describe?: (ref: ViewRef) => string;
  /** What stands above an item's views; default `item 12`. */
  readonly nameOf?: (item: number) => string;
}

/**
 * Shows the views of single items side by side, as the method gets them, with the parameters that made them in words.
 *
 * @param views one batch of images per view, [n, height, width, 1 or 3] in [0, 1]
 * @param refs what each image is, one list per view
 * @throws RangeError `positivePairs: views must be [n, height, width, 1 or 3] with one ref per image, got [4, 8, 8, 2] and 4 refs`
 */
export async function positivePairs(
  views: readonly Tensor4D[],
  refs: readonly (readonly ViewRef[])[],
  options: PositivePairsOptions = {},
): Promise<Figure> {
  const { count = 6, describe = describeView, nameOf = (item: number) => `item ${item}` } = options;
  requireInteger("positivePairs", "count", count, 1);
  requireThat(
    views.length > 0 && views.length === refs.length,
    "positivePairs",
    `views and refs must have one entry per view, got ${views.length} and ${refs.length}`,
  );
  views.forEach(({ shape }, view) => {
    const known = refs[view]?.length;
    const right = (shape[3] === 1 || shape[3] === 3) && shape[0] === known && shape[0] > 0;
    const must = "views must be [n, height, width, 1 or 3] with one ref per image";
    requireThat(right, "positivePairs", `${must}, got [${shape.join(", ")}] and ${known} refs`);
  });
  const shown = Math.min(count, ...views.map(({ shape }) => shape[0]));
  const width = pixelsOf("positivePairs", options.width);
  const grid = gridFor(width, views.length, shown);
  const images = await Promise.all(views.map((batch) => readImages(batch, shown)));
  const items = Array.from({ length: shown }, (_, item) => refs.map((list) => list[item] as ViewRef));
  const words = items.map((item) => item.map((ref) => wrap(together(describe(ref), grid.text), grid.text, wordSize)));
  const [batch] = views as [Tensor4D];
  const imageHeight = Math.round((grid.image * batch.shape[1]) / batch.shape[2]);
  const tops = [0];
  for (let item = 0; item < shown; item += grid.across) {
    const lines = Math.max(
      ...words
        .slice(item, item + grid.across)
        .flat()
        .map((list) => list.length),
    );
    tops.push((tops.at(-1) as number) + nameHeight + imageHeight + 4 + lines * wordLine + between);
  }
  const area = { width: width - 2 * edge, height: (tops.at(-1) as number) - between };
  const title = options.title ?? "Positive pairs";
  const { layout, annotations } = figureLayout({
    width,
    panelHeight: area.height,
    margins: { left: edge, right: edge, top: 4, bottom: edge },
    heading: {
      title,
      subtitle: "views of one item that the method pulls together, with the parameters that made them",
    },
  });
  const pictures: object[] = [];
  const texts: object[] = [];
  for (const [item, [first]] of items.entries()) {
    const left = (item % grid.across) * (grid.pair + grid.gap);
    const top = tops[Math.floor(item / grid.across)] as number;
    const at = (x: number, y: number) => ({
      x: x / area.width,
      y: 1 - y / area.height,
      xanchor: "left",
      yanchor: "top",
    });
    const name = plain(nameOf((first as ViewRef).item));
    texts.push(label(`<b>${name}</b>`, { ...at(left, top), font: { size: fontSize.small } }));
    for (const [view, lines] of (words[item] as string[][]).entries()) {
      const x = left + view * (grid.image + inside);
      const y = top + nameHeight;
      const size = { sizex: grid.image / area.width, sizey: imageHeight / area.height };
      const place = { xref: "paper", yref: "paper", ...at(x, y), ...size, sizing: "stretch", layer: "above" };
      pictures.push({ source: images[view]?.[item], ...place });
      texts.push(label(lines.map(plain).join("<br>"), { ...at(x, y + imageHeight + 2), font: { size: wordSize } }));
    }
  }
  const hidden = { visible: false, range: [0, 1], fixedrange: true };
  return createFigure({
    summary: [
      title,
      ...items.map((item) => `${nameOf((item[0] as ViewRef).item)}: ${item.map((ref) => describe(ref)).join(" | ")}`),
    ].join("\n"),
    provenance: options.provenance,
    spec: {
      data: [],
      layout: { ...layout, xaxis: hidden, yaxis: hidden, images: pictures, annotations: [...annotations, ...texts] },
    },
  });
}

const edge = 10;
const inside = 10;
const between = 12;
const nameHeight = 17;
const wordSize = 8;
/** Plotly's line height. */
const wordLine = 1.3 * wordSize;

/** As many items in a row as fit with images of at least 80 pixels. */
function gridFor(width: number, views: number, shown: number) {
  const [gap, least] = [14, 80];
  const room = width - 2 * edge + gap;
  const fitting = Math.max(1, Math.floor(room / (views * (least + inside) - inside + gap)));
  const across = Math.min(fitting, shown);
  const image = Math.min(112, Math.floor((room / across - gap + inside) / views - inside));
  // Words may reach into the space between two images.
  return { across, image, text: image + inside - 4, pair: views * (image + inside) - inside, gap };
}

async function readImages(batch: Tensor4D, count: number): Promise<string[]> {
  const [, height, width, channels] = batch.shape;
  const first = batch.slice([0, 0, 0, 0], [count, height, width, channels]);
  const values = await first.data<"float32">();
  first.dispose();
  const size = height * width * channels;
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const pixels = values.subarray(index * size, (index + 1) * size);
      const bad = pixels.find((value) => !Number.isFinite(value));
      requireThat(bad === undefined, "positivePairs", `views must be finite, got ${bad} in image ${index}`);
      return pixelPng(pixels, [height, width, channels]);
    }),
  );
}

/** Keeps each parameter (`crop 18×20 at (4, 7)`) on one line, where it fits, by no-break spaces. */
function together(words: string, width: number): string {
  const parts = words.split(/, (?![^(]*\))/);
  return parts
    .map((part) => (textWidth(`${part},`, wordSize, false) <= width ? part.replaceAll(" ", "\u00a0") : part))
    .join(", ");
}
