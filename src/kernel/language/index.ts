export { createLanguage } from "./language.js";
export { codePointOffset, utf16Offset } from "./offsets.js";
export type {
  CellError,
  Completeness,
  Completion,
  CompletionItem,
  Conversion,
  ConvertedCell,
  Inspection,
  Language,
  RejectedCell,
  SideModule,
  SourceMap,
} from "./types.js";
