/**
 * The name that was probably meant: at most two slips away, and not more than a third of its letters. Upper case, spaces,
 * `-` and `_` count nothing.
 */
export function nearestName(given: string, names: Iterable<string>): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_\s]/g, "");
  let found: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const slips = slipsBetween(plain(given), plain(name));
    if (slips >= least || slips > Math.min(2, Math.ceil(name.length / 3))) continue;
    least = slips;
    found = name;
  }
  return found;
}

/** Letters to be put in, left out, changed or swapped with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const [above, twoAbove] = [rows[i - 1] as number[], rows[i - 2]];
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = twoAbove && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (twoAbove[j - 2] as number) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(changed, swapped, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    rows.push(row);
  }
  return (rows[a.length] as number[])[b.length] as number;
}
