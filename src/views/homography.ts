/**
 * A projective map of the plane, row by row: [x, y] goes to [(a x + b y + c) / k, (d x + e y + f) / k] with
 * k = g x + h y + i. Coordinates are pixels; the middle of the upper left pixel is [0, 0], x goes right and y down.
 */
export type Homography = readonly [
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
  i: number,
];

/** Leaves every point where it is. */
export const identity: Homography = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The map that applies `inner` first. */
export function composed(outer: Homography, inner: Homography): Homography {
  const entry = (row: number, column: number) =>
    (outer[3 * row] as number) * (inner[column] as number) +
    (outer[3 * row + 1] as number) * (inner[3 + column] as number) +
    (outer[3 * row + 2] as number) * (inner[6 + column] as number);
  return [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => entry(row, column))) as unknown as Homography;
}

/** The map of the opposite direction. Its entries are cofactors: a common factor changes nothing. */
export function inverse([a, b, c, d, e, f, g, h, i]: Homography): Homography {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

/** Where a point goes. */
export function mapped([a, b, c, d, e, f, g, h, i]: Homography, x: number, y: number): [x: number, y: number] {
  const k = g * x + h * y + i;
  return [(a * x + b * y + c) / k, (d * x + e * y + f) / k];
}

/** The first two rows of a {@link Homography} whose third is [0, 0, 1]. */
export type AffineRows = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** An affine map whose origin is another point, such as the middle of an image. */
export function about(x: number, y: number, [a, b, c, d, e, f]: AffineRows): Homography {
  return [a, b, c + x - a * x - b * y, d, e, f + y - d * x - e * y, 0, 0, 1];
}
