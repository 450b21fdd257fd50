import type { Output } from "../executor/index.js";
import type { CellBook } from "./cellBook.js";
import { noParent, type Session } from "./session.js";
import { errorContent } from "./traceback.js";

/** Publishes what a cell shows, under the request that ran it; `cell` is its id. */
export async function publishOutput(
  output: Output,
  cell: number,
  kernel: { session: Session; cells: CellBook; folder: string },
): Promise<void> {
  const { session, cells, folder } = kernel;
  const record = cells.byId(cell);
  const parent = record?.sender.message.header ?? noParent;
  switch (output.type) {
    case "stream":
      return session.publish("stream", { name: output.name, text: output.text }, parent);
    case "display": {
      const { data, metadata, displayId } = output;
      return session.publish("display_data", { data, metadata, transient: transient(displayId) }, parent);
    }
    case "update": {
      const { data, metadata, displayId } = output;
      return session.publish("update_display_data", { data, metadata, transient: transient(displayId) }, parent);
    }
    case "clear":
      return session.publish("clear_output", { wait: output.wait }, parent);
    case "broadcast": {
      const { msgType, content, metadata } = output;
      const buffers = output.buffers.map((text) => Buffer.from(text, "base64"));
      return session.publish(msgType, content, parent, { metadata, buffers });
    }
    case "uncaught": {
      const { traceback } = errorContent(output.error, cells, folder);
      const text = `Uncaught, in a timer or promise of cell ${record?.number ?? "?"}: ${traceback.join("\n")}\n`;
      return session.publish("stream", { name: "stderr", text }, parent);
    }
  }
}

/** Jupyter's `transient` of an output. Always an object: nbclient fails without one. */
export function transient(displayId: string | undefined) {
  return displayId === undefined ? {} : { display_id: displayId };
}
