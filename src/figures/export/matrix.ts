/** An affine map of the plane: x' = a·x + c·y + e, y' = b·x + d·y + f, as in SVG's `matrix(a b c d e f)`. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** An axis-parallel box; `undefined` where there is nothing to see. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** First `inner`, then `outer`. */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  const [p, q, r, s, t, u] = inner;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}

/** The map that an SVG `transform` attribute describes. */
export function parseTransform(attribute: string | null): Matrix {
  let whole = identity;
  for (const [, name, list] of (attribute ?? "").matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    const numbers = (list as string)
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number.parseFloat);
    whole = multiply(whole, single(name as string, numbers));
  }
  return whole;
}

function single(name: string, [p = 0, q, r, s = 1, t = 0, u = 0]: number[]): Matrix {
  if (name === "translate") return [1, 0, 0, 1, p, q ?? 0];
  if (name === "scale") return [p, 0, 0, q ?? p, 0, 0];
  if (name === "matrix") return [p, q ?? 0, r ?? 0, s, t, u];
  if (name !== "rotate") throw new Error(`figures: cannot measure an SVG element with the transform ${name}`);
  const angle = (p * Math.PI) / 180;
  const turn: Matrix = [Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0];
  const [x, y] = [q ?? 0, r ?? 0];
  return multiply([1, 0, 0, 1, x, y], multiply(turn, [1, 0, 0, 1, -x, -y]));
}

/** The box around a mapped box. */
export function mapBox([a, b, c, d, e, f]: Matrix, { left, top, right, bottom }: Box): Box {
  const corners = [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ] as const;
  const xs = corners.map(([x, y]) => a * x + c * y + e);
  const ys = corners.map(([x, y]) => b * x + d * y + f);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** The box around all boxes. */
export function union(boxes: readonly (Box | undefined)[]): Box | undefined {
  let all: Box | undefined;
  for (const box of boxes) {
    if (!box) continue;
    if (!all) all = box;
    else {
      all = {
        left: Math.min(all.left, box.left),
        top: Math.min(all.top, box.top),
        right: Math.max(all.right, box.right),
        bottom: Math.max(all.bottom, box.bottom),
      };
    }
  }
  return all;
}
