import type { CellContext, DisplaySink } from "../../display/index.js";
import { asCausedBy, causingCell } from "./causes.js";
import type { CellState } from "./cellState.js";
import { sendEvent, sendOutput } from "./events.js";
import { ask } from "./questions.js";

const sink: DisplaySink = {
  displayData: (data, { displayId, metadata = {} } = {}) => sendOutput({ type: "display", data, metadata, displayId }),
  updateDisplayData: (data, displayId, metadata = {}) => sendOutput({ type: "update", data, metadata, displayId }),
  clearOutput: (wait) => sendOutput({ type: "clear", wait }),
  broadcast: (msgType, content, { metadata = {}, buffers = [] } = {}) =>
    sendOutput({ type: "broadcast", msgType, content, metadata, buffers: buffers.map(base64) }),
};

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/**
 * What a cell offers to the display room. It stays in place after the cell, because timers and promises of the cell
 * may go on showing things; each of them is told apart by {@link causingCell}.
 */
export function cellContext(latest: CellState, folder: string): CellContext {
  const cell = () => causingCell() ?? latest;
  return {
    sink,
    folder,
    get id() {
      return cell().id;
    },
    get signal() {
      const state = cell();
      if (!state.listens) {
        state.listens = true;
        sendEvent({ type: "listens", cell: state.id });
      }
      return state.abort.signal;
    },
    get key() {
      return cell().key;
    },
    get hasFrontEnd() {
      return cell().allowStdin;
    },
    ask: (prompt, secret) => ask(cell(), prompt, secret),
    bind(callback) {
      const owner = cell();
      return (...given) => asCausedBy(owner, () => callback(...given));
    },
  };
}
