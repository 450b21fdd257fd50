import { inspect } from "node:util";
import { type Displayable, displaySymbol, type MimeBundle } from "./bundle.js";
import { isColumnTable, type Row, table } from "./table.js";
import { describeTensor, isTensor } from "./tensor.js";

/**
 * Says how a value is shown, in this order: what it says itself under `Symbol.for("Jupyter.display")`; tables
 * (arquero's and arrays of plain objects); PNG and JPEG bytes; tensors (shape, type and first values); errors; all
 * else as `util.inspect` writes it, without colours. `undefined` gives an empty bundle, which shows nothing.
 *
 * @throws TypeError `toMimeBundle: [Symbol.for("Jupyter.display")]() must return an object of MIME types, got …`
 */
export async function toMimeBundle(value: unknown): Promise<MimeBundle> {
  if (value === undefined) return {};
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return text(value);
  if (isDisplayable(value)) return requireBundle(await value[displaySymbol]());
  if (value instanceof Uint8Array) return image(value) ?? text(value);
  if (value instanceof Error) return { "text/plain": inspect(value, { colors: false, depth: 2 }) };
  if (isTensor(value)) return { "text/plain": await describeTensor(value) };
  if (isColumnTable(value) || isRows(value)) return { ...table(value)[displaySymbol]() };
  return text(value);
}

function isDisplayable(value: object): value is Displayable {
  return typeof (value as Partial<Displayable>)[displaySymbol] === "function";
}

function requireBundle(bundle: unknown): MimeBundle {
  if (typeof bundle === "object" && bundle !== null && !Array.isArray(bundle)) return bundle as MimeBundle;
  const call = '[Symbol.for("Jupyter.display")]()';
  throw new TypeError(`toMimeBundle: ${call} must return an object of MIME types, got ${inspect(bundle)}`);
}

/** Limits keep a million-element array from becoming a message of megabytes. */
function text(value: unknown): MimeBundle {
  const limits = { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 };
  return { "text/plain": inspect(value, { colors: false, ...limits }) };
}

function image(bytes: Uint8Array): MimeBundle | undefined {
  const type = startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
    ? "image/png"
    : startsWith(bytes, 0xff, 0xd8, 0xff)
      ? "image/jpeg"
      : undefined;
  if (!type) return undefined;
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return { [type]: base64, "text/plain": `<${type}, ${bytes.length} bytes>` };
}

const startsWith = (bytes: Uint8Array, ...magic: number[]) => magic.every((byte, index) => bytes[index] === byte);

function isRows(value: object): value is Row[] {
  return Array.isArray(value) && value.length > 0 && value.every(isPlain);
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  // An object of another realm has an Object.prototype of its own, whose prototype is null.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
