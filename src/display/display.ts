import { randomUUID } from "node:crypto";
import type { MimeBundle } from "./bundle.js";
import { currentCell } from "./cell.js";
import { toMimeBundle } from "./toMimeBundle.js";

/** Something on show that can be replaced. */
export interface DisplayHandle {
  readonly displayId: string;
  /** Shows another value in the place of this one. */
  update(value: unknown): Promise<void>;
}

/**
 * Shows a value below the running cell; in a plain script its text goes to standard output. Values appear in the
 * order in which `display` was called, also when one of them takes time to draw.
 *
 * @param options.displayId name under which it can be replaced later, also from other cells; default a new one
 */
export async function display(value: unknown, options: { displayId?: string } = {}): Promise<DisplayHandle> {
  const { displayId = randomUUID() } = options;
  const sink = currentCell()?.sink;
  await inOrder(value, (bundle) => (sink ? sink.displayData(bundle, { displayId }) : print(bundle)));
  const update = (next: unknown) =>
    inOrder(next, (bundle) =>
      sink ? (currentCell()?.sink ?? sink).updateDisplayData(bundle, displayId) : print(bundle),
    );
  return { displayId, update };
}

/** Resolves when everything that `display` was called for is shown; the kernel waits for it at the end of a cell. */
export async function displaysSettled(): Promise<void> {
  while (globals[slot]) await globals[slot];
}

/** A registered symbol, because the kernel and the notebook may load two copies of this module. */
const slot = Symbol.for("kontrast.displays");
const globals = globalThis as { [slot]?: Promise<void> | undefined };

async function inOrder(value: unknown, show: (bundle: MimeBundle) => void): Promise<void> {
  const drawn = toMimeBundle(value);
  const shown = Promise.all([drawn, globals[slot]]).then(([bundle]) => show(bundle));
  const settled = shown.then(noop, noop).finally(() => {
    if (globals[slot] === settled) globals[slot] = undefined;
  });
  globals[slot] = settled;
  await shown;
}

function noop(): void {}

function print(bundle: MimeBundle): void {
  const text = bundle["text/plain"];
  if (typeof text === "string") process.stdout.write(`${text}\n`);
}
