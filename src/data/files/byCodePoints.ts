/** The order of Python's `sorted` for texts, whatever the language of the machine. */
export function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [one, other] = [rank(a.charCodeAt(at)), rank(b.charCodeAt(at))];
    if (one !== other) return one - other;
  }
  return a.length - b.length;
}

/** Code units order as code points do, save for the halves of those above U+FFFF: they go behind all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
