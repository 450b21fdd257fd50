import { type CellContext, type DisplaySink, type MimeBundle, setCurrentCell } from "../../src/display/index.js";

interface Shown {
  kind: "display" | "update";
  bundle: MimeBundle;
  displayId: string | undefined;
  metadata: Record<string, unknown> | undefined;
}

/** A message of IOPub that is no display, such as those of comms. */
interface Broadcast {
  msgType: string;
  content: Record<string, unknown>;
  metadata: Record<string, unknown>;
  buffers: readonly Uint8Array[];
}

/** Pretends that a cell runs, and collects what it shows. */
export function fakeCell(given: Partial<CellContext> = {}) {
  const shown: Shown[] = [];
  const broadcasts: Broadcast[] = [];
  const controller = new AbortController();
  let cleared = 0;
  const sink: DisplaySink = {
    displayData: (bundle, { displayId, metadata } = {}) =>
      void shown.push({ kind: "display", bundle, displayId, metadata }),
    updateDisplayData: (bundle, displayId, metadata) =>
      void shown.push({ kind: "update", bundle, displayId, metadata }),
    clearOutput: () => {
      cleared++;
    },
    broadcast: (msgType, content, { metadata = {}, buffers = [] } = {}) =>
      void broadcasts.push({ msgType, content, metadata, buffers }),
  };
  setCurrentCell({
    id: 1,
    sink,
    signal: controller.signal,
    key: "cell-1",
    folder: process.cwd(),
    hasFrontEnd: true,
    ask: async (prompt) => `answer to ${prompt}`,
    bind: (callback) => callback,
    ...given,
  });
  return { shown, broadcasts, controller, cleared: () => cleared, end: () => setCurrentCell(undefined) };
}
