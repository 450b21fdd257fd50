import { type Displayable, displaySymbol, type MimeBundle } from "./bundle.js";
import { escapeHtml } from "./escapeHtml.js";
import { withoutTags } from "./withoutTags.js";

/** Markup that shows itself in a notebook; inside another `html` or `svg` it is taken over as it is. */
export interface Markup extends Displayable {
  readonly source: string;
}

/**
 * Shows HTML. As a tag, html`<b>${text}</b>`, it escapes what is put in, except other `html` and `svg` markup;
 * called with a string it takes that as it is.
 */
export function html(markup: TemplateStringsArray | string, ...values: unknown[]): Markup {
  const source = compose(markup, values);
  return shown(source, { "text/html": source, "text/plain": withoutTags(source) });
}

/** Shows an SVG image; escapes what is put in like {@link html}. */
export function svg(markup: TemplateStringsArray | string, ...values: unknown[]): Markup {
  const source = compose(markup, values);
  return shown(source, { "image/svg+xml": source, "text/plain": "<svg image>" });
}

/** Shows Markdown; what is put in is taken as Markdown. */
export function md(markup: TemplateStringsArray | string, ...values: unknown[]): Markup {
  const source = typeof markup === "string" ? markup : String.raw({ raw: markup }, ...values.map(String));
  return shown(source, { "text/markdown": source, "text/plain": source });
}

function compose(markup: TemplateStringsArray | string, values: unknown[]): string {
  if (typeof markup === "string") return markup;
  return String.raw({ raw: markup }, ...values.map(insert));
}

function insert(value: unknown): string {
  if (Array.isArray(value)) return value.map(insert).join("");
  return trusted.has(value as Markup) ? (value as Markup).source : escapeHtml(String(value));
}

/** Only what these tags made is trusted: an object of the user's that happens to have `source` is escaped. */
const trusted = new WeakSet<Markup>();

function shown(source: string, bundle: MimeBundle): Markup {
  const markup: Markup = { source, [displaySymbol]: () => bundle };
  if (!("text/markdown" in bundle)) trusted.add(markup);
  return markup;
}
