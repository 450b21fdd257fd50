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
import { inspectText } from "./inspect.js";
import { isColumnTable, type Row, table } from "./table.js";
import { describeTensor, isTensor } from "./tensor.js";

/**
 * Says how a value is shown, in this order: what it says itself under `Symbol.for("Jupyter.display")`; tables
 * (arquero's, data frames, arrays of plain objects); bytes that are a PNG, JPEG, GIF, WebP or SVG image; tensors (shape,
 * type and first values); errors; JSX elements, charts with `toSpec`, canvases and DOM elements; all else as
 * `util.inspect` writes it. `undefined` gives an empty bundle, which shows nothing.
 *
 * @throws TypeError `toMimeBundle: [Symbol.for("Jupyter.display")]() must return an object of MIME types, got …`
 */
export async function toMimeBundle(value: unknown): Promise<MimeBundle> {
  if (isDisplayable(value)) return requireBundle(await value[displaySymbol]());
  if (!isObject(value)) return bundleNow(value);
  if (isTensor(value)) return { "text/plain": await describeTensor(value) };
  return bundleNow(value);
}

/** {@link toMimeBundle} without what takes time, for a program that stands still in a debugger. */
export function bundleNow(value: unknown): MimeBundle {
  if (value === undefined) return {};
  if (!isObject(value)) return text(value);
  const own = isDisplayable(value) ? value[displaySymbol]() : undefined;
  if (own && !(own instanceof Promise)) return requireBundle(own);
  if (value instanceof Uint8Array) return imageBundle(value) ?? text(value);
  if (value instanceof Error) return { "text/plain": inspect(value, { colors: false, depth: 2 }) };
  if (isColumnTable(value) || isRows(value)) return { ...table(value)[displaySymbol]() };
  return foreignBundle(value) ?? text(value);
}

/** {@link toMimeBundle}, with the metadata that the value adds. */
export async function toShown(value: unknown): Promise<Shown> {
  const data = await toMimeBundle(value);
  if (!isDisplayable(value)) return { data, metadata: {} };
  const displayId = value[displayIdSymbol]?.();
  return { data, metadata: value[metadataSymbol]?.() ?? {}, ...(displayId !== undefined && { displayId }) };
}

function isDisplayable(value: unknown): value is Displayable {
  return typeof (value as Partial<Displayable> | null | undefined)?.[displaySymbol] === "function";
}

function isObject(value: unknown): value is object {
  return value !== null && (typeof value === "object" || typeof value === "function");
}

function requireBundle(bundle: unknown): MimeBundle {
  if (typeof bundle === "object" && bundle !== null && !Array.isArray(bundle)) return bundle as MimeBundle;
  const call = '[Symbol.for("Jupyter.display")]()';
  throw new TypeError(`toMimeBundle: ${call} must return an object of MIME types, got ${inspect(bundle)}`);
}

function text(value: unknown): MimeBundle {
  return { "text/plain": inspectText(value) };
}

function isRows(value: object): value is Row[] {
  return Array.isArray(value) && value.length > 0 && value.every(isPlain);
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  // An object of another realm has an Object.prototype of its own, whose prototype is null.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
