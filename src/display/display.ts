import { randomUUID } from "node:crypto";
import type { MimeBundle, Shown } from "./bundle.js";
import { currentCell } from "./cell.js";
import { isThenable } from "./thenable.js";
import { displayIdOf, toShown } from "./toMimeBundle.js";

/** Something on show that can be replaced. */
export interface DisplayHandle {
  readonly displayId: string;
  /** Shows another value in the place of this one. */
  update(value: unknown): Promise<void>;
}

/** Options of {@link display}. */
export interface DisplayOptions {
  /** Name under which it can be replaced later, also from other cells; default a new one. */
  displayId?: string;
  /** The value is a bundle of MIME types, to be shown as it is; default false. */
  raw?: boolean;
  /** Replaces what was shown under `displayId` instead of showing it anew; default false. */
  update?: boolean;
  /** Jupyter's metadata of the output, such as `{ "image/png": { width: 300 } }`. */
  metadata?: Record<string, unknown>;
}

/**
 * Shows a value below the running cell; in a plain script its text goes to standard output. What can be drawn at once is
 * shown at once. What takes time, such as a promise or a tensor, keeps its place among the values and the text that the
 * cell shows; where something was printed meanwhile, the place is empty until it is drawn.
 *
 * @throws TypeError `display: update needs the displayId of what is to be replaced`
 */
export async function display(value: unknown, options: DisplayOptions = {}): Promise<DisplayHandle> {
  const {
    displayId = displayIdOf(value) ?? randomUUID(),
    raw = false,
    update: replaces = false,
    metadata: given = {},
  } = options;
  if (replaces && options.displayId === undefined) {
    throw new TypeError("display: update needs the displayId of what is to be replaced");
  }
  const sink = currentCell()?.sink;
  const replace = ({ data, metadata }: Shown) =>
    sink ? (currentCell()?.sink ?? sink).updateDisplayData(data, displayId, { ...metadata, ...given }) : print(data);
  const drawn = (what: unknown) => (raw ? { data: what as MimeBundle, metadata: {} } : toShown(what));
  let isHeld = replaces;
  const hold = () => {
    if (!isHeld) sink?.displayData({ "text/plain": "" }, { displayId });
    isHeld = true;
  };
  const show = (shown: Shown) => {
    if (isHeld) replace(shown);
    else if (sink) sink.displayData(shown.data, { displayId, metadata: { ...shown.metadata, ...given } });
    else print(shown.data);
  };
  await inOrder(drawn(value), show, hold);
  return { displayId, update: async (next) => inOrder(drawn(next), replace) };
}

/** Clears what the running cell has shown so far; with `wait` not before there is something new, to avoid flicker. */
export function clearOutput(options: { wait?: boolean } = {}): void {
  holdPlaces();
  currentCell()?.sink.clearOutput(options.wait ?? false);
}

/** Resolves when everything that `display` was called for in a cell is shown; the kernel waits for it at the cell's end. */
export async function displaysSettled(cell: number): Promise<void> {
  const { drawing, endings } = displays();
  while (drawing.has(cell)) await drawing.get(cell)?.settled;
  const ends = endings.get(cell);
  endings.delete(cell);
  for (const end of ends?.values() ?? []) end();
}

/** A cell was given up: nobody waits for its drawings any more. */
export function forgetDisplays(cell: number): void {
  const { drawing, endings } = displays();
  drawing.delete(cell);
  endings.delete(cell);
}

/** Has something done when the running cell ends; once for each name. */
export function atCellEnd(name: string, end: () => void): void {
  const cell = currentCell()?.id;
  if (cell === undefined) return;
  const { endings } = displays();
  endings.set(cell, (endings.get(cell) ?? new Map()).set(name, end));
}

/**
 * Something is shown by other means than {@link display}: what is still being drawn was asked for before, and gets its
 * place above.
 */
export function holdPlaces(): void {
  const held = displays().drawing.get(currentCell()?.id ?? noCell);
  for (const hold of held?.places ?? []) hold();
}

/** What of one cell is being drawn. */
interface Drawing {
  /** Resolves when all of it is shown, or has failed. */
  readonly settled: Promise<void>;
  /** Each holds the place of one value; in order. */
  readonly places: Set<() => void>;
}

/** What is being drawn, and what is to be done at the end, by cell. */
interface Displays {
  readonly drawing: Map<number, Drawing>;
  readonly endings: Map<number, Map<string, () => void>>;
}

/** A registered symbol, because the kernel and the notebook may load two copies of this module. */
const slot = Symbol.for("kontrast.displays");

function displays(): Displays {
  const globals = globalThis as { [slot]?: Displays };
  globals[slot] ??= { drawing: new Map(), endings: new Map() };
  return globals[slot];
}

/** Outside a kernel everything is of one cell. */
const noCell = -1;

/** Shows what is drawn behind what its cell has asked for before; at once if nothing of that is left. */
async function inOrder(drawn: Shown | Promise<Shown>, show: (shown: Shown) => void, hold: () => void = noop) {
  const { drawing } = displays();
  const cell = currentCell()?.id ?? noCell;
  const before = drawing.get(cell);
  if (!before && !isThenable(drawn)) return show(drawn);
  const places = before?.places ?? new Set();
  places.add(hold);
  const shown = Promise.all([drawn, before?.settled]).then(([it]) => show(it));
  const settled = shown.then(noop, noop).finally(() => {
    places.delete(hold);
    if (drawing.get(cell)?.settled === settled) drawing.delete(cell);
  });
  drawing.set(cell, { settled, places });
  await shown;
}

function noop(): void {}

function print(bundle: MimeBundle): void {
  const text = bundle["text/plain"];
  if (typeof text === "string") process.stdout.write(`${text}\n`);
}
