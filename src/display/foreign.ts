import type { MimeBundle } from "./bundle.js";
import { displaySymbol } from "./bundle.js";
import { imageBundle } from "./imageBytes.js";
import { jsxMarkup } from "./jsx.js";
import { type Row, table } from "./table.js";
import { withoutTags } from "./withoutTags.js";

/** What other libraries' values have in common, as Deno's kernel tells them apart, too. */
interface Foreign {
  /** A chart of Vega-Lite's JavaScript API. */
  readonly toSpec?: () => unknown;
  /** A canvas. */
  readonly toDataURL?: (type?: string) => unknown;
  /** A DOM element, such as Observable Plot draws. */
  readonly outerHTML?: unknown;
  /** A data frame of nodejs-polars. */
  readonly head?: (count: number) => { toRecords?: () => unknown };
  readonly toRecords?: () => unknown;
}

/** How a value of another library is shown; `undefined` for values that are none. */
export function foreignBundle(value: object): MimeBundle | undefined {
  const markup = jsxMarkup(value);
  if (markup !== undefined) return markupBundle(markup);
  const { toSpec, toDataURL, outerHTML, head, toRecords } = value as Foreign;
  if (typeof toSpec === "function") return vegaBundle(toSpec.call(value));
  if (typeof toDataURL === "function") return dataUrlBundle(String(toDataURL.call(value, "image/png")));
  // Of the element's class, not its own: what came as JSON must never become markup.
  if (typeof outerHTML === "string" && !Object.hasOwn(value, "outerHTML")) return markupBundle(outerHTML);
  if (typeof head === "function" && typeof toRecords === "function") {
    const rows = head.call(value, 51).toRecords?.();
    if (Array.isArray(rows)) return { ...table(rows as Row[])[displaySymbol]() };
  }
  return undefined;
}

function markupBundle(markup: string): MimeBundle {
  const type = /^\s*<svg[\s>]/i.test(markup) ? "image/svg+xml" : "text/html";
  return { [type]: markup, "text/plain": withoutTags(markup) || "<markup>" };
}

function dataUrlBundle(url: string): MimeBundle | undefined {
  const [, base64] = /^data:[^,]*;base64,(.*)$/s.exec(url) ?? [];
  return base64 === undefined ? undefined : imageBundle(Buffer.from(base64, "base64"));
}

/** The version is part of the MIME type, and part of the address of the schema. */
function vegaBundle(spec: unknown): MimeBundle | undefined {
  if (typeof spec !== "object" || spec === null) return undefined;
  const schema = String((spec as { $schema?: unknown }).$schema ?? "");
  const [, library = "vega-lite", version = "5"] = /\/schema\/(vega|vega-lite)\/v(\d+)/.exec(schema) ?? [];
  const type = `application/vnd.${library.replace("-", "")}.v${version}+json`;
  return { [type]: spec, "text/plain": `<${library} v${version} chart>` };
}
