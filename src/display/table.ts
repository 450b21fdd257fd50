import { inspect } from "node:util";
import { beginningOf } from "./beginningOf.js";
import { type Displayable, displaySymbol, type MimeBundle } from "./bundle.js";
import { escapeHtml } from "./escapeHtml.js";

/** One row: column name to value. */
export type Row = Readonly<Record<string, unknown>>;

/** An arquero table, by its shape. */
export interface ColumnTable {
  numRows(): number;
  columnNames(): string[];
  objects(options?: { limit?: number }): object[];
}

export interface TableOptions {
  /** Columns to show, in order; default the first 50. */
  columns?: readonly string[];
  /** How many rows are shown at most; a note tells of the others. Default 50. */
  limit?: number;
  /** Significant digits of the largest number in a column; default 4. */
  digits?: number;
  caption?: string;
}

/** Columns that are shown where none are named. */
const mostColumns = 50;
/** Characters of a cell. */
const longestCell = 1000;

/**
 * Shows rows as an HTML table with a plain text form. Numbers of one column have the same number of decimals.
 *
 * @param rows plain objects, or an arquero table
 * @throws RangeError `table: no column "x"; there are "a", "b"`
 */
export function table(rows: readonly Row[] | ColumnTable, options: TableOptions = {}): Displayable {
  const { limit = 50, digits = 4, caption } = options;
  const total = isColumnTable(rows) ? rows.numRows() : rows.length;
  const shown = isColumnTable(rows) ? (rows.objects({ limit }) as Row[]) : rows.slice(0, limit);
  const present = isColumnTable(rows) ? rows.columnNames() : [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const names = options.columns ?? present.slice(0, mostColumns);
  const known = new Set(present);
  for (const name of names) {
    if (known.has(name) || total === 0) continue;
    throw new RangeError(`table: no column "${name}"; there are ${present.map((other) => `"${other}"`).join(", ")}`);
  }
  const columns = names.map((name) =>
    formatColumn(
      name,
      shown.map((row) => row[name]),
      digits,
    ),
  );
  const all = isColumnTable(rows) ? "table.columnNames()" : "Object.keys(rows[0])";
  const notes = [
    ...(total === 0 ? ["0 rows"] : columns.length === 0 ? [`${total} rows without columns`] : []),
    ...(total > shown.length ? [`… ${total - shown.length} more rows`] : []),
    ...(options.columns === undefined && present.length > mostColumns
      ? [`… ${present.length - mostColumns} more columns; table(rows, { columns: ${all} }) shows all`]
      : []),
  ];
  const bundle: MimeBundle = {
    "text/html": asHtml(columns, shown.length, caption, notes),
    "text/plain": asText(columns, shown.length, caption, notes),
  };
  return { [displaySymbol]: () => bundle };
}

export function isColumnTable(value: unknown): value is ColumnTable {
  const candidate = value as Partial<ColumnTable>;
  return [candidate.numRows, candidate.columnNames, candidate.objects].every((part) => typeof part === "function");
}

interface Column {
  name: string;
  numeric: boolean;
  cells: string[];
}

function formatColumn(name: string, values: unknown[], digits: number): Column {
  const numbers = values.filter((value): value is number => typeof value === "number");
  const decimals = decimalsFor(numbers, digits);
  const cells = values.map((value) => (typeof value === "number" ? formatNumber(value, decimals) : formatOther(value)));
  return { name, numeric: numbers.length > 0 && values.every(isNumeric), cells };
}

const isNumeric = (value: unknown) => value == null || typeof value === "number" || typeof value === "bigint";

function decimalsFor(numbers: number[], digits: number): number {
  const finite = numbers.filter(Number.isFinite);
  if (finite.every(Number.isInteger)) return 0;
  const largest = Math.max(...finite.map(Math.abs));
  return Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(largest))));
}

function formatNumber(value: number, decimals: number): string {
  const fixed = value.toFixed(decimals);
  if (!Number.isFinite(value)) return String(value);
  const lost = value !== 0 && Number(fixed) === 0;
  return lost || Math.abs(value) >= 1e15 ? value.toExponential(2) : fixed.replace(/^-(?=[0.]+$)/, "");
}

function formatOther(value: unknown): string {
  if (value == null) return "";
  const limits = { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 8, maxStringLength: 80 };
  const text = typeof value === "string" ? value : inspect(value, limits);
  return text.length > longestCell ? `${beginningOf(text, longestCell - 1)}…` : text;
}

function asHtml(columns: Column[], count: number, caption: string | undefined, notes: readonly string[]): string {
  const cell = (tag: string, { numeric }: Column, text: string) =>
    `<${tag} style="text-align:${numeric ? "right" : "left"}">${escapeHtml(text)}</${tag}>`;
  const head = columns.map((column) => cell("th", column, column.name)).join("");
  const body = Array.from({ length: count }, (_, row) => {
    const cells = columns.map((column) => cell("td", column, column.cells[row] as string)).join("");
    return `<tr>${cells}</tr>`;
  }).join("\n");
  const title = caption === undefined ? "" : `<caption style="text-align:left">${escapeHtml(caption)}</caption>`;
  const rest = notes.map((note) => `\n<p><em>${escapeHtml(note)}</em></p>`).join("");
  return (
    `<table class="dataframe" style="font-variant-numeric:tabular-nums">${title}` +
    `<thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table>${rest}`
  );
}

function asText(columns: Column[], count: number, caption: string | undefined, notes: readonly string[]): string {
  const widths = columns.map(({ name, cells }) => Math.max(name.length, ...cells.map((text) => text.length)));
  const line = (texts: string[]) =>
    texts
      .map((text, index) => {
        const width = widths[index] as number;
        return columns[index]?.numeric ? text.padStart(width) : text.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const head = [line(columns.map(({ name }) => name)), line(widths.map((width) => "─".repeat(width)))];
  const body = Array.from({ length: count }, (_, row) => line(columns.map(({ cells }) => cells[row] as string)));
  const grid = columns.length > 0 ? [...head, ...body] : [];
  return [...(caption === undefined ? [] : [caption]), ...grid, ...notes].join("\n");
}
