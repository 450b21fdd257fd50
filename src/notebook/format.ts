/**
 * The notebook format 4.5 as we hold it in memory: every multi-line string is one string (on disk it may be a list of
 * lines). Field names as in the format.
 */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: NotebookMetadata;
  cells: Cell[];
}

/** Metadata of the whole notebook; other programs add keys of their own. */
export interface NotebookMetadata {
  kernelspec?: { name?: string; display_name?: string; language?: string };
  language_info?: Record<string, unknown>;
  title?: string;
  [key: string]: unknown;
}

interface CellBase {
  /** 1–64 letters, digits, `-` and `_`, unique in the notebook. */
  id: string;
  metadata: Record<string, unknown>;
  source: string;
  attachments?: Record<string, MimeData>;
}

export interface CodeCell extends CellBase {
  cell_type: "code";
  execution_count: number | null;
  outputs: Output[];
}

interface TextCell extends CellBase {
  cell_type: "markdown" | "raw";
}

export type Cell = CodeCell | TextCell;

/** One value in several representations, by MIME type: text, base64 (images) or JSON. */
export type MimeData = Record<string, unknown>;

export interface StreamOutput {
  output_type: "stream";
  name: "stdout" | "stderr";
  text: string;
}

export interface DisplayOutput {
  output_type: "display_data";
  data: MimeData;
  metadata: Record<string, unknown>;
}

export interface ResultOutput {
  output_type: "execute_result";
  data: MimeData;
  metadata: Record<string, unknown>;
  execution_count: number | null;
}

interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

/** What a cell of this type says of itself in one line, for lists of cells: its first line that is not empty. */
export function titleOf(cell: Cell): string {
  const lines = cell.source.split("\n").map((line) => line.trim());
  const first = lines.find((line) => line !== "") ?? "";
  return first.replace(/^(\/\/|\/\*+)\s*(%%\s*)?/, "").replace(/\s*\*\/$/, "");
}
