import { type Layer, resampled } from "./layer.js";
import type { Center, Transform } from "./transform.js";

/** A linear map of the object about its middle: [[xx, xy], [yx, yy]] takes a point of the result to one of the source. */
function about(layer: Layer, { x, y }: Center, [xx, xy, yx, yy]: readonly [number, number, number, number]): Layer {
  return resampled(layer, (column, row) => {
    const [right, down] = [column - x, row - y];
    return [x + xx * right + xy * down, y + yx * right + yy * down];
  });
}

const translate: Transform = {
  parameters: ["x", "y"],
  identity: [0, 0],
  draw: (random) => [random.uniform(-0.15, 0.15), random.uniform(-0.15, 0.15)],
  apply(layer, [x = 0, y = 0]) {
    return resampled(layer, (column, row) => [column - x * layer.size, row - y * layer.size]);
  },
  move: (center, [x = 0, y = 0], size) => ({ x: center.x + x * size, y: center.y + y * size }),
};

const rotate: Transform = {
  identity: [0],
  draw: (random) => [random.uniform(0, 2 * Math.PI)],
  apply(layer, [angle = 0], { center }) {
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    return about(layer, center, [cosine, -sine, sine, cosine]); // rows count downwards
  },
};

const scale: Transform = {
  identity: [1],
  draw: (random) => [random.uniform(0.4, 1)],
  apply: (layer, [factor = 1], { center }) => about(layer, center, [1 / factor, 0, 0, 1 / factor]),
};

const verticalFlip: Transform = {
  identity: [0],
  draw: (random) => [random.chance(0.5) ? 1 : 0],
  apply: (layer, [flipped], { center }) => (flipped ? about(layer, center, [1, 0, 0, -1]) : layer),
};

const horizontalFlip: Transform = {
  identity: [0],
  draw: (random) => [random.chance(0.5) ? 1 : 0],
  apply: (layer, [flipped], { center }) => (flipped ? about(layer, center, [-1, 0, 0, 1]) : layer),
};

const steepest = (50 * Math.PI) / 180;

const shear: Transform = {
  parameters: ["x", "y"],
  identity: [0, 0],
  draw: (random) => [random.uniform(-steepest, steepest), random.uniform(-steepest, steepest)],
  apply: (layer, [x = 0, y = 0], { center }) => {
    // First along x, then along y; undone in the opposite order. Both at once would fold the object at 45°.
    const [alongX, alongY] = [Math.tan(x), Math.tan(y)];
    return about(layer, center, [1 + alongX * alongY, -alongX, -alongY, 1]);
  },
};

/** What moves the object, about its middle. */
export const geometricTransforms = { translate, rotate, scale, verticalFlip, horizontalFlip, shear } as const;
