import type { CellContext, DisplaySink } from "../../display/index.js";
import { type CellState, causingCell } from "./cellState.js";
import { sendEvent, sendOutput } from "./events.js";

const sink: DisplaySink = {
  displayData: (data, { displayId, metadata = {} } = {}) => sendOutput({ type: "display", data, metadata, displayId }),
  updateDisplayData: (data, displayId) => sendOutput({ type: "update", data, displayId }),
  clearOutput: (wait) => sendOutput({ type: "clear", wait }),
};

/**
 * What a cell offers to the display room. It stays in place after the cell, because timers and promises of the cell
 * may go on showing things; each of them is told apart by {@link causingCell}.
 */
export function cellContext(latest: CellState): CellContext {
  const cell = () => causingCell() ?? latest;
  return {
    sink,
    get signal() {
      const { id, listens, abort } = cell();
      if (!listens) {
        cell().listens = true;
        sendEvent({ type: "listens", cell: id });
      }
      return abort.signal;
    },
    get key() {
      return cell().key;
    },
  };
}
