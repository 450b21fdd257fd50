/** The first `length` UTF-16 units of a text; one fewer where that would leave half of a character. */
export function beginningOf(text: string, length: number): string {
  const isCut = length > 0 && (text.codePointAt(length - 1) ?? 0) > 0xffff;
  return text.slice(0, isCut ? length - 1 : length);
}
