export type { Judge } from "./judge.js";
export { type MagicContext, MagicError, type Page } from "./magic.js";
export { knownMagics, magics, requireMagic } from "./magics.js";
export { type CodeSegment, type MagicSegment, parseCell, type Segment, withoutMagics } from "./parse.js";
