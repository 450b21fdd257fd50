export { type Cell, type CodeCell, type Notebook, type Output, titleOf } from "./format.js";
export { formatSeconds } from "./formatSeconds.js";
export { notebookToHtml } from "./html/notebookToHtml.js";
export { parseNotebook, readNotebook } from "./readNotebook.js";
export {
  type CellFailure,
  type RunningCell,
  type RunOutcome,
  runNotebook,
} from "./runNotebook.js";
export { TerminalText } from "./terminalText.js";
export { writeNotebook } from "./writeNotebook.js";
