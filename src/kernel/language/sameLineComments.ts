/**
 * Gives documentation its own line in a cell's declarations: of `const a = 1; /** of b *⁄ const b = 2` TypeScript writes the
 * comment behind `a`, where it documents nothing.
 *
 * @param code the cell
 */
export function separateComments(declarations: string, code: string): string {
  return declarations.replace(/^(.*[;}]) (\/\*\*(?:(?!\*\/).)*\*\/)$/gm, (line, before: string, comment: string) => {
    const documentsNext = code
      .split(comment)
      .slice(1)
      .some((after) => /^[ \t]*[^\s/]/.test(after));
    return documentsNext ? `${before}\n${comment}` : line;
  });
}
