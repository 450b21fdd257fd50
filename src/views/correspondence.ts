import { requireInteger, requireThat } from "../check/index.js";
import type { ViewGeometry, ViewRef } from "./augmentation.js";
import { inverse, mapped } from "./homography.js";

/**
 * Where the pixels of one view are in another view of the same item, as dense methods need it (PixPro, Xie et al. 2021,
 * arXiv:2011.10043). Exact for crops, flips, rotations, affine and perspective maps, one after the other. Coordinates
 * are pixels: the middle of the upper left pixel is (0, 0), that of the lower right one (width − 1, height − 1).
 *
 * @param a the view whose pixels are looked for
 * @param b the view in which they are looked for
 * @param options.grid rows and columns of equal cells, such as a feature map's, whose middles are looked for instead of
 *   the pixels; default: height and width of `a`
 * @returns [rows, columns, 2]: x, y in `b`; both NaN where `b` does not show what `a` shows there, or `a` shows nothing
 *   of the image
 * @throws RangeError `correspondence: views must be of one item, got 3 and 5`
 */
export function correspondence(
  a: ViewRef,
  b: ViewRef,
  options: { grid?: readonly [rows: number, columns: number] } = {},
): Float32Array {
  requireThat(a.item === b.item, "correspondence", `views must be of one item, got ${a.item} and ${b.item}`);
  const [from, to] = [geometryOf(a), geometryOf(b)];
  const [height, width] = from.steps.at(-1)?.size ?? from.imageSize;
  const [rows, columns] = options.grid ?? [height, width];
  requireInteger("correspondence", "rows of the grid", rows, 1);
  requireInteger("correspondence", "columns of the grid", columns, 1);
  const toImage = towardsImage(from);
  const toView = towardsView(to);
  const places = new Float32Array(rows * columns * 2);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = ((column + 0.5) * width) / columns - 0.5;
      const y = ((row + 0.5) * height) / rows - 0.5;
      places.set(toView(toImage([x, y])), 2 * (row * columns + column));
    }
  }
  return places;
}

type Point = readonly [x: number, y: number];

const nowhere: Point = [Number.NaN, Number.NaN];

/** What one step does to a point, and the size of the image in which it then has to be. */
type Move = readonly [map: (point: Point) => Point, size: readonly [number, number]];

/** From a view back to its image: each step's input has to contain the point. */
function towardsImage({ imageSize, steps }: ViewGeometry): (point: Point) => Point {
  const moves = steps.map(({ toSource }, index): Move => {
    const size = steps[index - 1]?.size ?? imageSize;
    return [([x, y]) => mapped(toSource, x, y), size];
  });
  return (point) => follow(moves.toReversed(), point);
}

/** From an image on to a view: each step's result has to contain the point. */
function towardsView({ steps }: ViewGeometry): (point: Point) => Point {
  const moves = steps.map(({ toSource, size }): Move => {
    const back = inverse(toSource);
    return [([x, y]) => mapped(back, x, y), size];
  });
  return (point) => follow(moves, point);
}

function follow(moves: readonly Move[], start: Point): Point {
  let point = start;
  for (const [map, size] of moves) {
    point = map(point);
    if (!isInside(point, size)) return nowhere;
  }
  return point;
}

/** Whether a point is on the area of some pixel; points that are nowhere are not. */
function isInside([x, y]: Point, [height, width]: readonly [number, number]): boolean {
  return x >= -0.5 && x <= width - 0.5 && y >= -0.5 && y <= height - 0.5;
}

function geometryOf({ geometry, item, view }: ViewRef): ViewGeometry {
  const message = `views must be drawn by makeView, got view ${view} of item ${item} without geometry`;
  requireThat(geometry !== undefined, "correspondence", message);
  return geometry;
}
