import type { CommMessage } from "../executor/index.js";
import type { Handler } from "./handler.js";

/** `comm_info_request`. */
export const commInfo: Handler = async ({ message }, kernel) => ({
  status: "ok",
  comms: kernel.comms.list(message.content["target_name"]),
});

/** `comm_open`, `comm_msg`, `comm_close`: handed to the cells' process, which closes what nobody there listens to. */
export const comm: Handler = async ({ message }, kernel) => {
  const { header, content, metadata, buffers } = message;
  const type = header.msg_type as CommMessage["type"];
  kernel.comms.note(type, content);
  kernel.executor.sendComm({ type, content, metadata, buffers });
  return undefined;
};
