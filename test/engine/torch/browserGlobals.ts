import { Canvas, createCanvas, Image, ImageData } from "@napi-rs/canvas";
import { indexedDB } from "fake-indexeddb";
import { JSDOM } from "jsdom";

/**
 * Gives Node what tfjs finds in a browser: a document from jsdom, canvases that draw, and storage. Called before tfjs is
 * loaded, it makes tfjs choose its browser platform.
 */
export function installBrowserGlobals(): void {
  const { window } = new JSDOM("", { url: "http://localhost/" });
  const { document, localStorage, File, Blob, FileReader, FormData, HTMLVideoElement, MouseEvent } = window;
  const createElement = document.createElement.bind(document) as (name: string) => unknown;
  document.createElement = ((name: string) => (name === "canvas" ? createCanvas(1, 1) : createElement(name))) as never;
  Object.assign(globalThis, { document, localStorage, indexedDB, File, Blob, FileReader, FormData });
  Object.assign(globalThis, { HTMLVideoElement, MouseEvent });
  Object.assign(globalThis, { Image, ImageData, HTMLCanvasElement: Canvas, HTMLImageElement: Image });
  Object.assign(globalThis, { window: globalThis, self: globalThis });
  URL.createObjectURL = () => "blob:http://localhost/0";
}
