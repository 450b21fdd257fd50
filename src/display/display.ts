import { randomUUID } from "node:crypto";
import { type Displayable, displayIdSymbol, type MimeBundle, type Shown } from "./bundle.js";
import { currentCell } from "./cell.js";
import { toShown } from "./toMimeBundle.js";

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
 * Shows a value below the running cell; in a plain script its text goes to standard output. Values appear in the
 * order in which `display` was called, also when one of them takes time to draw.
 *
 * @throws TypeError `display: update needs the displayId of what is to be replaced`
 */
export async function display(value: unknown, options: DisplayOptions = {}): Promise<DisplayHandle> {
  const {
    displayId = idOf(value) ?? randomUUID(),
    raw = false,
    update: replaces = false,
    metadata: given = {},
  } = options;
  if (replaces && options.displayId === undefined) {
    throw new TypeError("display: update needs the displayId of what is to be replaced");
  }
  const sink = currentCell()?.sink;
  const replace = ({ data, metadata }: Shown) =>
    sink ? (currentCell()?.sink ?? sink).updateDisplayData(data, displayId, metadata) : print(data);
  const shown = async (what: unknown): Promise<Shown> => {
    const drawn = raw ? { data: what as MimeBundle, metadata: {} } : await toShown(what);
    return { data: drawn.data, metadata: { ...drawn.metadata, ...given } };
  };
  await inOrder(shown(value), (drawn) => {
    if (replaces) replace(drawn);
    else if (sink) sink.displayData(drawn.data, { displayId, metadata: drawn.metadata });
    else print(drawn.data);
  });
  return { displayId, update: (next) => inOrder(shown(next), replace) };
}

function idOf(value: unknown): string | undefined {
  return (value as Partial<Displayable> | null | undefined)?.[displayIdSymbol]?.();
}

/** Clears what the running cell has shown so far; with `wait` not before there is something new, to avoid flicker. */
export function clearOutput(options: { wait?: boolean } = {}): void {
  currentCell()?.sink.clearOutput(options.wait ?? false);
}

/** Resolves when everything that `display` was called for in a cell is shown; the kernel waits for it at the cell's end. */
export async function displaysSettled(cell: number): Promise<void> {
  const { drawing, endings } = displays();
  while (drawing.has(cell)) await drawing.get(cell);
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

/** What is being drawn, and what is to be done at the end, by cell. */
interface Displays {
  readonly drawing: Map<number, Promise<void>>;
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

async function inOrder(drawn: Promise<Shown>, show: (shown: Shown) => void): Promise<void> {
  const { drawing } = displays();
  const cell = currentCell()?.id ?? noCell;
  const shown = Promise.all([drawn, drawing.get(cell)]).then(([bundle]) => show(bundle));
  const settled = shown.then(noop, noop).finally(() => {
    if (drawing.get(cell) === settled) drawing.delete(cell);
  });
  drawing.set(cell, settled);
  await shown;
}

function noop(): void {}

function print(bundle: MimeBundle): void {
  const text = bundle["text/plain"];
  if (typeof text === "string") process.stdout.write(`${text}\n`);
}
