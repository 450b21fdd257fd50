/**
 * The name that a misspelled one most likely means: the one at the least edit distance (Levenshtein 1966; upper case,
 * spaces, `-` and `_` count nothing), if that is at most half of its length; otherwise `undefined`.
 */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_\s]/g, "");
  const [best] = names
    .map((name) => ({ name, distance: editDistance(plain(given), plain(name)) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= plain(best.name).length / 2 ? best.name : undefined;
}

function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const own = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (above[column - 1] as number) + (a[row - 1] === b[column - 1] ? 0 : 1);
      own.push(Math.min(replaced, (above[column] as number) + 1, (own[column - 1] as number) + 1));
    }
    above = own;
  }
  return above[b.length] as number;
}
