/** A Jupyter cursor (code points since protocol 5.2) as an offset in a JavaScript string; past the end is the end. */
export function utf16Offset(code: string, codePoints: number): number {
  let offset = 0;
  for (let counted = 0; counted < codePoints && offset < code.length; counted++) {
    offset += (code.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** The inverse of {@link utf16Offset}: how many code points stand before an offset. */
export function codePointOffset(code: string, offset: number): number {
  return [...code.slice(0, offset)].length;
}
