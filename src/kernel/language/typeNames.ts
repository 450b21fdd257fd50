/**
 * What the compiler says, with types named as a cell names them. Where a cell declares a type again, the compiler tells it
 * from the earlier one as `import("…/__tslab__").Point`, or the earlier one is in a namespace of the carried declarations:
 * here the new one is `Point` and the other `Point (earlier)`.
 */
export function plainTypeNames(text: string): string {
  return text
    .split("\n")
    .map((line) => {
      const again = new Set([...line.matchAll(/import\("[^"]*\/__tslab__"\)\.([\w$]+)/g)].map(([, name]) => name));
      const marked = line.replace(/(?<!Property '|[\w$.])[\p{ID_Start}$_][\w$]*/gu, (name) =>
        again.has(name) ? `${name} (earlier)` : name,
      );
      return marked
        .replace(/import\("[^"]*\/__tslab__"\)\./g, "")
        .replace(/(?:import\("[^"]*\/__prev__"\)\.(?:__earlier\d+__\.)?|\b__earlier\d+__\.)([\w$]+)/g, "$1 (earlier)");
    })
    .join("\n");
}
