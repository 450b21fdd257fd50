import { readFile } from "node:fs/promises";
import { currentCell } from "../../display/index.js";
import { plotlyFile } from "../export/drawing.js";

/**
 * The plotly library as a script element marked with `data-kontrast-library`. A page needs one of them, anywhere; who
 * puts several figures on one page may remove all but the first.
 */
export async function libraryScript(): Promise<string> {
  source ??= readFile(plotlyFile, "utf8");
  // Neither sequence occurs in today's library; both could end the script element too soon.
  const code = (await source).replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  // The shadowed names keep RequireJS (Notebook 6) from taking the library for one of its own modules.
  return (
    `<script data-kontrast-library>if(!window.Plotly){(function(define,module,exports){\n${code}\n}).call(window);}\n` +
    `document.dispatchEvent(new Event("kontrast-library"));</script>`
  );
}

/**
 * Whether the figure that is being shown brings the library along: the first one in the first cell that shows a
 * figure, and again when that cell is run again, since its old output, and the library with it, is then gone.
 */
export function carriesLibrary(): boolean {
  const cell = currentCell();
  if (!cell) return false;
  carrier.key ??= cell.key;
  if (carrier.key !== cell.key || carrier.runs.has(cell.signal)) return false;
  carrier.runs.add(cell.signal);
  return true;
}

let source: Promise<string> | undefined;

/** Every run of a cell has a signal of its own. */
const carrier: { key?: string; readonly runs: WeakSet<AbortSignal> } = { runs: new WeakSet() };
