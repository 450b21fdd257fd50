import { seededRandom } from "../check/index.js";

/**
 * Coordinates along the two directions of largest variance, found by power iteration, scaled to [-10, 10] with a little
 * noise, as umap-learn starts.
 *
 * @param values [rows, width], row by row
 */
export function principalPlane(values: Float32Array, rows: number, width: number, seed: number): [number, number][] {
  const mean = new Float64Array(width);
  for (let at = 0; at < values.length; at++)
    mean[at % width] = (mean[at % width] as number) + (values[at] as number) / rows;
  const random = seededRandom(seed, 1);
  const directions = [0, 1].map(() => Float64Array.from({ length: width }, () => random.normal()));
  const project = (direction: Float64Array) => {
    const along = new Float64Array(rows);
    for (let row = 0, at = 0; row < rows; row++) {
      for (let column = 0; column < width; column++, at++) {
        along[row] =
          (along[row] as number) + ((values[at] as number) - (mean[column] as number)) * (direction[column] as number);
      }
    }
    return along;
  };
  directions.forEach((direction, index) => {
    for (let round = 0; round < 12; round++) {
      const along = project(direction);
      direction.fill(0);
      for (let row = 0, at = 0; row < rows; row++) {
        for (let column = 0; column < width; column++, at++) {
          direction[column] =
            (direction[column] as number) +
            ((values[at] as number) - (mean[column] as number)) * (along[row] as number);
        }
      }
      if (index === 1) removePart(direction, directions[0] as Float64Array);
      normalize(direction);
    }
  });
  const [first, second] = directions.map(project) as [Float64Array, Float64Array];
  const largest = Math.max(...first.map(Math.abs), ...second.map(Math.abs)) || 1;
  const place = (value: number) => (10 * value) / largest + 1e-4 * random.normal();
  return Array.from(first, (x, row) => [place(x), place(second[row] as number)]);
}

function removePart(direction: Float64Array, other: Float64Array): void {
  const part = direction.reduce((sum, value, at) => sum + value * (other[at] as number), 0);
  for (let at = 0; at < direction.length; at++)
    direction[at] = (direction[at] as number) - part * (other[at] as number);
}

function normalize(direction: Float64Array): void {
  const length = Math.hypot(...direction) || 1;
  for (let at = 0; at < direction.length; at++) direction[at] = (direction[at] as number) / length;
}
