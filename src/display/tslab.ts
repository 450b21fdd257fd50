import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import type { MimeBundle } from "./bundle.js";
import { display as show } from "./display.js";

/** tslab's display API, for notebooks written for it: `import * as tslab from "tslab"` gives this module. */
export interface Display {
  javascript(s: string): void;
  html(s: string): void;
  markdown(s: string): void;
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  raw(contentType: string, b: string | Uint8Array): void;
}

const require = createRequire(import.meta.url);

/** Versions of what cells run on. */
export const versions: { readonly tslab: string; readonly typescript: string; readonly node: string } = {
  tslab: require("tslab/package.json").version,
  typescript: require("typescript/package.json").version,
  node: process.version,
};

/** Shows rich content. */
export const display: Display = displayThrough((bundle) => void show(bundle, { raw: true }));

/** Shows rich content in one place: each call replaces what the one before has shown. */
export function newDisplay(): Display {
  const displayId = randomUUID();
  let update = false;
  return displayThrough((bundle) => {
    void show(bundle, { raw: true, displayId, update });
    update = true;
  });
}

function displayThrough(showBundle: (bundle: MimeBundle) => void): Display {
  const raw = (type: string, content: string | Uint8Array) => {
    const text = typeof content === "string" ? content : Buffer.from(content).toString("base64");
    showBundle({ [type]: text });
  };
  const of = (type: string) => (content: string | Uint8Array) => raw(type, content);
  return {
    javascript: of("text/javascript"),
    html: of("text/html"),
    markdown: of("text/markdown"),
    latex: of("text/latex"),
    svg: of("image/svg+xml"),
    png: of("image/png"),
    jpeg: of("image/jpeg"),
    gif: of("image/gif"),
    pdf: of("application/pdf"),
    text: of("text/plain"),
    raw,
  };
}
