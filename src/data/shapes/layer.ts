/** An object on a transparent ground, [size, size, 4]: red, green, blue in 0 … 255, each times alpha; alpha in [0, 1]. */
export interface Layer {
  readonly size: number;
  readonly values: Float64Array;
}

/** An empty layer. */
export function emptyLayer(size: number): Layer {
  return { size, values: new Float64Array(size * size * 4) };
}

/** A layer whose pixel at (x, y) is what `source` has at the point that `from` names; middles of pixels are at +0.5. */
export function resampled(source: Layer, from: (x: number, y: number) => readonly [number, number]): Layer {
  const target = emptyLayer(source.size);
  eachPixel(source.size, (x, y, offset) => {
    const [sourceX, sourceY] = from(x + 0.5, y + 0.5);
    addBilinear(source, sourceX - 0.5, sourceY - 0.5, target.values, offset);
  });
  return target;
}

/** A layer with another color for each pixel that is not transparent; colors in 0 … 255, brought back into it. */
export function recolored(
  source: Layer,
  recolor: (color: readonly [number, number, number], offset: number) => readonly [number, number, number],
): Layer {
  const target = emptyLayer(source.size);
  eachPixel(source.size, (_, __, offset) => {
    const alpha = source.values[offset + 3] as number;
    if (alpha === 0) return;
    const color = recolor(colorAt(source, offset), offset);
    for (let channel = 0; channel < 3; channel++) {
      target.values[offset + channel] = Math.min(255, Math.max(0, color[channel] as number)) * alpha;
    }
    target.values[offset + 3] = alpha;
  });
  return target;
}

/** Color of a pixel that is not transparent. */
export function colorAt({ values }: Layer, offset: number): [number, number, number] {
  const alpha = values[offset + 3] as number;
  const channel = (at: number) => (values[offset + at] as number) / alpha;
  return [channel(0), channel(1), channel(2)];
}

/** The weighted mean of the pixels around each, transparent beyond the border. @param kernel [2r + 1, 2r + 1] weights */
export function filtered(source: Layer, kernel: readonly (readonly number[])[]): Layer {
  const { size, values } = source;
  const radius = (kernel.length - 1) / 2;
  const target = emptyLayer(size);
  eachPixel(size, (x, y, offset) => {
    kernel.forEach((row, rowAt) => {
      row.forEach((weight, columnAt) => {
        const [column, line] = [x + columnAt - radius, y + rowAt - radius];
        if (column < 0 || line < 0 || column >= size || line >= size) return;
        const from = (line * size + column) * 4;
        for (let channel = 0; channel < 4; channel++) {
          target.values[offset + channel] =
            (target.values[offset + channel] as number) + weight * (values[from + channel] as number);
        }
      });
    });
  });
  return target;
}

/** Calls for each pixel, row by row, with the offset of its first value. */
export function eachPixel(size: number, call: (x: number, y: number, offset: number) => void): void {
  for (let y = 0, offset = 0; y < size; y++) for (let x = 0; x < size; x++, offset += 4) call(x, y, offset);
}

function addBilinear({ size, values }: Layer, x: number, y: number, target: Float64Array, offset: number): void {
  const [column, line] = [Math.floor(x), Math.floor(y)];
  for (let dy = 0; dy < 2; dy++) {
    for (let dx = 0; dx < 2; dx++) {
      const [fromX, fromY] = [column + dx, line + dy];
      if (fromX < 0 || fromY < 0 || fromX >= size || fromY >= size) continue;
      const weight = (1 - Math.abs(x - fromX)) * (1 - Math.abs(y - fromY));
      for (let channel = 0; channel < 4; channel++) {
        const value = values[(fromY * size + fromX) * 4 + channel] as number;
        target[offset + channel] = (target[offset + channel] as number) + weight * value;
      }
    }
  }
}
