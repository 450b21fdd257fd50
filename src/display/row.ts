import { type Displayable, displaySymbol, type MimeBundle } from "./bundle.js";
import { escapeHtml } from "./escapeHtml.js";
import { isThenable } from "./thenable.js";
import { bundleOf } from "./toMimeBundle.js";

/** Shows values side by side; where there is no room they wrap. */
export function row(...values: unknown[]): Displayable {
  return {
    [displaySymbol]() {
      const bundles = values.map(bundleOf);
      const isThere = (bundle: MimeBundle | Promise<MimeBundle>): bundle is MimeBundle => !isThenable(bundle);
      return bundles.every(isThere) ? sideBySide(bundles) : Promise.all(bundles).then(sideBySide);
    },
  };
}

function sideBySide(bundles: readonly MimeBundle[]): MimeBundle {
  const cells = bundles.map((bundle) => `<div>${fragment(bundle)}</div>`).join("");
  return {
    "text/html": `<div style="display:flex;flex-wrap:wrap;gap:1.5em;align-items:flex-start">${cells}</div>`,
    "text/plain": bundles.map((bundle) => String(bundle["text/plain"] ?? "")).join("\n\n"),
  };
}

function fragment(bundle: Record<string, unknown>): string {
  const { "text/html": html, "image/svg+xml": svg, "image/png": png, "image/jpeg": jpeg, "text/plain": text } = bundle;
  if (typeof html === "string") return html;
  if (typeof svg === "string") return svg;
  if (typeof png === "string") return `<img alt="" src="data:image/png;base64,${png}">`;
  if (typeof jpeg === "string") return `<img alt="" src="data:image/jpeg;base64,${jpeg}">`;
  return `<pre>${escapeHtml(String(text ?? ""))}</pre>`;
}
