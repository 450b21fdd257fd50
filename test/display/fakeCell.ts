import { type DisplaySink, type MimeBundle, setCurrentCell } from "../../src/display/index.js";

export interface Shown {
  kind: "display" | "update";
  bundle: MimeBundle;
  displayId: string | undefined;
}

/** Pretends that a cell runs, and collects what it shows. */
export function fakeCell(key = "cell-1"): { shown: Shown[]; controller: AbortController; end(): void } {
  const shown: Shown[] = [];
  const controller = new AbortController();
  const sink: DisplaySink = {
    displayData: (bundle, options) => void shown.push({ kind: "display", bundle, displayId: options?.displayId }),
    updateDisplayData: (bundle, displayId) => void shown.push({ kind: "update", bundle, displayId }),
    clearOutput: () => {},
  };
  setCurrentCell({ sink, signal: controller.signal, key });
  return { shown, controller, end: () => setCurrentCell(undefined) };
}
