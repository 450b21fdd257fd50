/**
 * The paths that a pattern with braces stands for, as a shell expands them: `{0000..0099}` counts, with leading zeros if the
 * first number has some, `{train,val}` lists. Braces may occur several times, not within each other.
 *
 * @throws RangeError `webDataset: braces must hold a range such as {0000..0099} or a list such as {a,b}, got {x}`
 */
export function expandBraces(caller: string, pattern: string): string[] {
  const [whole, inside] = /\{([^{}]*)\}/.exec(pattern) ?? [];
  if (whole === undefined || inside === undefined) return [pattern];
  const [before = "", ...rest] = pattern.split(whole);
  const after = rest.join(whole);
  return choices(caller, inside).flatMap((choice) =>
    expandBraces(caller, after).map((tail) => `${before}${choice}${tail}`),
  );
}

function choices(caller: string, inside: string): string[] {
  const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(inside) ?? [];
  if (first !== undefined && last !== undefined) {
    const [from, to] = [Number(first), Number(last)];
    const width = /^0\d/.test(first) ? first.length : 0;
    const count = Math.abs(to - from) + 1;
    const step = to < from ? -1 : 1;
    return Array.from({ length: count }, (_, index) => String(from + step * index).padStart(width, "0"));
  }
  if (inside.includes(",")) return inside.split(",");
  throw new RangeError(
    `${caller}: braces must hold a range such as {0000..0099} or a list such as {a,b}, got {${inside}}`,
  );
}
