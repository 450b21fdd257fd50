import { type Random, requireThat, requireWithin } from "../check/index.js";
import type { Augmentation, ImageShape } from "./augmentation.js";
import { composed, type Homography, inverse } from "./homography.js";
import { type WarpOptions, warp } from "./warp.js";
import type { Applied } from "./withProbability.js";

type Perspective = {
  /** x, y of where the upper left, upper right, lower right and lower left corner go, px. */
  readonly corners: readonly number[];
};

/** Options of {@link randomPerspective}; `interpolation` is "bilinear" and `probability` 0.5 by default, as in torchvision. */
export interface RandomPerspectiveOptions extends WarpOptions {
  /** How far a corner moves inwards at most, as a share of half the width and height, in [0, 1]; default 0.5. */
  readonly distortion?: number;
}

/**
 * Moves the four corners of each image inwards by random whole pixels, and all between with them: torchvision's
 * `RandomPerspective` on tensors, which takes the corners for the edges of pixels and so is half a pixel off its own
 * corner points. Corners of which three are on one line are drawn anew.
 *
 * @throws RangeError such as `randomPerspective: distortion must be in [0, 1], got 2`
 */
export function randomPerspective(options: RandomPerspectiveOptions = {}): Augmentation<Applied<Perspective>> {
  const { distortion = 0.5, interpolation = "bilinear", fill = 0, probability = 0.5 } = options;
  const name = "randomPerspective";
  requireWithin(name, "distortion", distortion, 0, 1);
  return warp<Perspective>(
    {
      name,
      draw(random, imageShape) {
        const [height, width] = imageShape;
        const large = Math.min(height, width) > 1;
        requireThat(large, name, `images must be at least 2×2 pixels, got ${width}×${height}`);
        for (;;) {
          const corners = drawCorners(random, distortion, imageShape);
          if (isQuadrangle(corners)) return { corners };
        }
      },
      toSource({ corners }, [height, width]) {
        const ofSquare: Homography = [width - 1, 0, 0, 0, height - 1, 0, 0, 0, 1];
        const onEdges = composed(ofSquare, inverse(squareTo(corners)));
        return composed(composed([1, 0, -0.5, 0, 1, -0.5, 0, 0, 1], onEdges), [1, 0, 0.5, 0, 1, 0.5, 0, 0, 1]);
      },
      describe: ({ corners }) => `perspective (${[0, 2, 4, 6].map((at) => pointInWords(corners, at)).join("; ")})`,
    },
    { interpolation, fill, probability },
  );
}

function drawCorners(random: Random, distortion: number, [height, width]: ImageShape): number[] {
  const across = Math.floor(distortion * Math.floor(width / 2));
  const down = Math.floor(distortion * Math.floor(height / 2));
  const [left, top] = [() => random.integer(across + 1), () => random.integer(down + 1)];
  const right = () => width - 1 - random.integer(across + 1);
  const bottom = () => height - 1 - random.integer(down + 1);
  return [left(), top(), right(), top(), right(), bottom(), left(), bottom()];
}

/** Whether no three of the four corners are on one line. */
function isQuadrangle(corners: readonly number[]): boolean {
  const at = (corner: number) => [corners[2 * corner] as number, corners[2 * corner + 1] as number] as const;
  return [0, 1, 2, 3].every((skipped) => {
    const [[x0, y0], [x1, y1], [x2, y2]] = [1, 2, 3].map((step) => at((skipped + step) % 4)) as [Point, Point, Point];
    return (x1 - x0) * (y2 - y0) !== (x2 - x0) * (y1 - y0);
  });
}

type Point = readonly [x: number, y: number];

/** Takes the corners of the unit square, clockwise from the origin, to four others (Heckbert 1989, Sec. 2.2.3). */
function squareTo(corners: readonly number[]): Homography {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = corners as [number, number, number, number, number, number, number, number];
  const [dx1, dx2, sx] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, sy] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / determinant;
  const h = (dx1 * sy - sx * dy1) / determinant;
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
}

function pointInWords(corners: readonly number[], at: number): string {
  return `${corners[at]} ${corners[at + 1]}`;
}
