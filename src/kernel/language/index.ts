export { createLanguage } from "./language.js";
export type { CellError, Completion, ConvertedCell, Inspection, Language, SourceMap } from "./types.js";
