/**
 * A message of the compiler's without the virtual files' paths. Where a cell declares a type again, the compiler tells it
 * from the earlier one as `import("…/__tslab__").Point`: here that is `Point`, and the other `Point (earlier)`.
 */
export function withoutVirtualFiles(message: string): string {
  return message
    .split("\n")
    .map((line) => {
      const again = new Set([...line.matchAll(/import\("[^"]*\/__tslab__"\)\.([\w$]+)/g)].map(([, name]) => name));
      const marked = line.replace(/(?<!Property '|[\w$.])[\p{ID_Start}$_][\w$]*/gu, (name) =>
        again.has(name) ? `${name} (earlier)` : name,
      );
      return marked
        .replace(/import\("[^"]*\/__tslab__"\)\./g, "")
        .replace(/import\("[^"]*\/__prev__"\)\.([\w$]+)/g, "$1 (earlier)");
    })
    .join("\n");
}
