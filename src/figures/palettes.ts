/**
 * Ten colours that readers with a colour vision deficiency can tell apart: Okabe & Ito 2008, "Color Universal Design",
 * without black, then a dark grey, a brown and a light grey. The strongest on white come first.
 */
export const classColours = [
  "#0072B2",
  "#E69F00",
  "#009E73",
  "#D55E00",
  "#CC79A7",
  "#56B4E9",
  "#F0E442",
  "#333333",
  "#8A4B22",
  "#A8A8A8",
] as const;

/** Shapes that tell classes beyond the tenth apart. */
const symbols = ["circle", "diamond", "triangle-up", "square", "cross", "x"] as const;

/** Colour of a class; repeats after ten. */
export function classColour(index: number): string {
  return classColours[index % classColours.length] as string;
}

/** Marker shape of a class; the next one after every ten classes. */
export function classSymbol(index: number): string {
  return symbols[Math.floor(index / classColours.length) % symbols.length] as string;
}

/** Plotly's name of the map for values without a middle; perceptually uniform, also in grey. */
export const sequential = "Viridis";

/** The map for values around 0: blue below, white at 0, red above (ColorBrewer's RdBu, which is colour-blind safe). */
export const diverging: readonly (readonly [number, string])[] = [
  "#053061",
  "#2166AC",
  "#4393C3",
  "#92C5DE",
  "#D1E5F0",
  "#FFFFFF",
  "#FDDBC7",
  "#F4A582",
  "#D6604D",
  "#B2182B",
  "#67001F",
].map((colour, index) => [index / 10, colour] as const);
