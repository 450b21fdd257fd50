import { inspect } from "node:util";
import {
  type Displayable,
  displayIdSymbol,
  displaySymbol,
  type MimeBundle,
  metadataSymbol,
  type Shown,
} from "./bundle.js";
import { foreignBundle } from "./foreign.js";
import { imageBundle } from "./imageBytes.js";
import { inspectAnything, inspectText } from "./inspect.js";
import { isPlain } from "./plain.js";
import { isColumnTable, type Row, table } from "./table.js";
import { describeTensor, isTensor } from "./tensor.js";
import { isThenable } from "./thenable.js";

/**
 * Says how a value is shown, in this order: what it says itself under `Symbol.for("Jupyter.display")`; tables
 * (arquero's, data frames, arrays of plain objects); bytes that are a PNG, JPEG, GIF, WebP or SVG image; tensors (shape,
 * type and first values); errors; JSX elements, charts with `toSpec`, canvases and DOM elements; all else as
 * `util.inspect` writes it. `undefined` gives an empty bundle, which shows nothing. A promise is waited for. A value that
 * throws while it is looked at is shown as plain text, with what it threw.
 */
export async function toMimeBundle(value: unknown): Promise<MimeBundle> {
  return bundleOf(value);
}

/** {@link toMimeBundle}, at once where nothing of it takes time. */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (isThenable(value)) return Promise.resolve(value).then(bundleOf);
  return orPlain(value, () => {
    if (isDisplayable(value)) {
      const own = value[displaySymbol]();
      return isThenable(own) ? own.then(requireBundle) : requireBundle(own);
    }
    if (!isObject(value) || !isTensor(value)) return plainly(value);
    return describeTensor(value).then((description) => ({ "text/plain": description }));
  });
}

/** {@link toMimeBundle} without what takes time, for a program that stands still in a debugger. */
export function bundleNow(value: unknown): MimeBundle {
  const bundle = orPlain(value, () => {
    const own = isDisplayable(value) ? value[displaySymbol]() : undefined;
    if (!own) return plainly(value);
    if (!isThenable(own)) return requireBundle(own);
    own.then(undefined, () => undefined); // nobody waits for it
    return text(value);
  });
  return bundle as MimeBundle;
}

/** {@link toMimeBundle}, with the metadata that the value adds; at once where nothing of it takes time. */
export function toShown(value: unknown): Shown | Promise<Shown> {
  if (isThenable(value)) return Promise.resolve(value).then(toShown);
  const bundle = bundleOf(value);
  return isThenable(bundle) ? bundle.then((data) => withMetadata(value, data)) : withMetadata(value, bundle);
}

function withMetadata(value: unknown, data: MimeBundle): Shown {
  try {
    if (!isDisplayable(value)) return { data, metadata: {} };
    const displayId = value[displayIdSymbol]?.();
    return { data, metadata: value[metadataSymbol]?.() ?? {}, ...(displayId !== undefined && { displayId }) };
  } catch (error) {
    return { data: plainText(value, error), metadata: {} };
  }
}

/** The name of the place that a value replaces, if it has one. */
export function displayIdOf(value: unknown): string | undefined {
  try {
    return (value as Partial<Displayable> | null | undefined)?.[displayIdSymbol]?.();
  } catch {
    return undefined; // what it throws is told where it is shown
  }
}

/** A bundle; where making it throws, the value's text and what was thrown: looking at a value must not end its cell. */
function orPlain(value: unknown, make: () => MimeBundle | PromiseLike<MimeBundle>): MimeBundle | Promise<MimeBundle> {
  try {
    const bundle = make();
    if (!isThenable(bundle)) return bundle;
    return Promise.resolve(bundle).catch((error: unknown) => plainText(value, error));
  } catch (error) {
    return plainText(value, error);
  }
}

function plainText(value: unknown, thrown: unknown): MimeBundle {
  const why = "Shown as plain text, because this was thrown while it was looked at:";
  return { "text/plain": `${inspectAnything(value)}\n\n${why}\n${inspectAnything(thrown)}` };
}

/** For all that does not say itself how it is shown. */
function plainly(value: unknown): MimeBundle {
  if (value === undefined) return {};
  if (!isObject(value)) return text(value);
  if (value instanceof Uint8Array) return imageBundle(value) ?? text(value);
  if (value instanceof Error) return { "text/plain": inspect(value, { colors: false, depth: 2 }) };
  if (isColumnTable(value) || isRows(value)) return { ...table(value)[displaySymbol]() };
  return foreignBundle(value) ?? text(value);
}

function isDisplayable(value: unknown): value is Displayable {
  return typeof (value as Partial<Displayable> | null | undefined)?.[displaySymbol] === "function";
}

function isObject(value: unknown): value is object {
  return value !== null && (typeof value === "object" || typeof value === "function");
}

/** What is not text has to become JSON, on the way to the front end. */
function requireBundle(bundle: unknown): MimeBundle {
  if (typeof bundle === "object" && bundle !== null && !Array.isArray(bundle)) {
    for (const part of Object.values(bundle)) if (typeof part !== "string") JSON.stringify(part);
    return bundle as MimeBundle;
  }
  const call = '[Symbol.for("Jupyter.display")]()';
  throw new TypeError(`toMimeBundle: ${call} must return an object of MIME types, got ${inspect(bundle)}`);
}

function text(value: unknown): MimeBundle {
  return { "text/plain": inspectText(value) };
}

function isRows(value: object): value is Row[] {
  // Not by `every`, which passes over holes.
  const isOfPlain = Array.isArray(value) && value.findIndex((item) => !isPlain(item)) < 0;
  return isOfPlain && value.some((row) => Object.keys(row).length > 0);
}
