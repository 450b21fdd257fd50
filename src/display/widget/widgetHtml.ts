import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { scriptJson } from "../scriptJson.js";
import { splitBuffers } from "./buffers.js";

/** Browser code that draws a widget: from `src/display/widget` and from `dist/display/widget` it is at the same place. */
const hostPath = fileURLToPath(new URL("../../../kernels/front-end/widgetHost.js", import.meta.url));
let host: string | undefined;

/** A widget as it is now. */
export interface WidgetPicture {
  readonly id: string;
  /** Unique on the page. */
  readonly elementId: string;
  readonly esm: string;
  readonly css: string;
  readonly state: Record<string, unknown>;
  /** Whether to draw it also where there is no kernel. */
  readonly offline: boolean;
  /** What stands there before it is drawn, and for ever where scripts do not run. */
  readonly fallback: string;
}

/** HTML that shows the fallback, draws the widget over it where scripts run, and connects it where there is a kernel. */
export function widgetHtml({ id, elementId, esm, css, state, offline, fallback }: WidgetPicture): string {
  host ??= readFileSync(hostPath, "utf8");
  const { state: json, bufferPaths, buffers } = splitBuffers(state);
  const encoded = buffers.map((bytes) => Buffer.from(bytes).toString("base64"));
  const spec = { id, elementId, esm, css, state: json, bufferPaths, buffers: encoded, offline };
  return `<div id="${elementId}">${fallback}</div>\n<script type="module">\n${host}\nshowWidget(${scriptJson(spec)});\n</script>`;
}
