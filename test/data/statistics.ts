/** Pearson's statistic of counts against expected shares. */
export function chiSquared(values: ArrayLike<number>, shares: readonly number[]): number {
  const counts = new Array<number>(shares.length).fill(0);
  for (let at = 0; at < values.length; at++) counts[values[at] as number] = (counts[values[at] as number] ?? 0) + 1;
  return counts.reduce((sum, count, at) => {
    const expected = (shares[at] as number) * values.length;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** Pearson's correlation of two columns. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [centered(a), centered(b)];
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

function centered(values: ArrayLike<number>): number[] {
  const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  return Array.from(values, (value) => value - mean);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
}
