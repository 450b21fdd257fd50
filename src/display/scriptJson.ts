/**
 * JSON that can stand inside a `<script>` element: no `</script` or `<!--` can close or open anything, and the line
 * separators U+2028 and U+2029, which older JavaScript forbids in strings, are escaped.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
