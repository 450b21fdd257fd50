import type { Selection } from "./selection.js";

/** Cells of the drawn matrices. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Columns that repeat each anchor's own key, and where the candidates begin behind them. */
  readonly strip: number;
  readonly shift: number;
  /** Place in the table's matrices of a drawn cell; -1 where nothing is drawn. */
  at(row: number, column: number): number;
}

/** Lays out what was selected: own keys in a strip, an empty column, then the candidates. */
export function gridOf({ rows, columns, own }: Selection, candidates: number): Grid {
  const strip = own ? Math.max(1, Math.round(columns.positions.length * 0.05)) : 0;
  const shift = strip > 0 ? strip + 1 : 0;
  return {
    rows: rows.positions.length,
    columns: shift + columns.positions.length,
    strip,
    shift,
    at(row, column) {
      if (column >= strip && column < shift) return -1;
      const candidate = column < strip ? own?.[row] : columns.positions[column - shift];
      return (rows.positions[row] as number) * candidates + (candidate as number);
    },
  };
}
