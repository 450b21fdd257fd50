/**
 * What the failed load of the native engine means, from what the system's loader, Node or the engine itself said.
 *
 * @returns one line: `the native engine was built for another libtorch (…)`, `… for another Node.js (…)`,
 *   `… is damaged (…)`, else `the native engine does not load: …`
 */
export function explainLoadError(cause: unknown): string {
  const text = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0] ?? "";
  const known = meanings.find(([pattern]) => pattern.test(text));
  return known ? `the native engine ${known[1]} (${text})` : `the native engine does not load: ${text}`;
}

const meanings: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [/undefined symbol: napi_|NODE_MODULE_VERSION|Module did not self-register/, "was built for another Node.js"],
  [/^built against libtorch/, "was built for another libtorch"],
  [/lib(torch|c10)\w*\.so\S*: cannot open shared object/, "was built for another libtorch, or libtorch is gone"],
  [/undefined symbol|version `.*' not found|symbol lookup error/, "was built for another libtorch"],
  [/file too short|invalid ELF header|ELF load command|cannot read file data|is incomplete/, "is damaged"],
];
