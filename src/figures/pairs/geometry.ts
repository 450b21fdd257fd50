import type { Grid } from "./grid.js";

/** Where a panel lies, in fractions of all panels' area, from the bottom left. */
export interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The arrangement of equal panels, two in a row, with room for a colour bar beside each. */
export interface PanelGeometry {
  readonly across: number;
  readonly places: readonly Place[];
  /** Of all panels together, in pixels. */
  readonly height: number;
  /** Pixels of one cell. */
  cell(grid: Grid): { width: number; height: number };
}

/**
 * Arranges panels.
 *
 * @param width pixels there are for all panels
 * @param ratio height of a panel to its width, for square cells; panels stay within 0.5 and 1.4
 */
export function panelGeometry(panels: number, width: number, ratio: number): PanelGeometry {
  const between = { x: 86, y: 32 };
  const across = Math.min(2, panels);
  const down = Math.ceil(panels / across);
  const panelWidth = (width - (across - 1) * between.x) / across;
  const panelHeight = panelWidth * Math.min(1.4, Math.max(0.5, ratio));
  const height = down * panelHeight + (down - 1) * between.y;
  const places = Array.from({ length: panels }, (_, index) => {
    const left = ((index % across) * (panelWidth + between.x)) / width;
    const top = 1 - (Math.floor(index / across) * (panelHeight + between.y)) / height;
    return { left, right: left + panelWidth / width, top, bottom: top - panelHeight / height };
  });
  const cell = ({ rows, columns }: Grid) => ({ width: panelWidth / columns, height: panelHeight / rows });
  return { across, places, height, cell };
}

/** What plotly appends to the names of a panel's axes. */
export const suffix = (panel: number) => (panel === 0 ? "" : String(panel + 1));

/** The axes that a shape in a panel refers to. */
export const references = (panel: number) => ({ xref: `x${suffix(panel)}`, yref: `y${suffix(panel)}` });
