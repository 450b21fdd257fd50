import type { Handler } from "./handler.js";

/** `comm_info_request`: there are none. */
export const commInfo: Handler = async () => ({ status: "ok", comms: {} });

/** `comm_open`: nothing here speaks over comms, so the other side is told to close, as the specification asks. */
export const commOpen: Handler = async ({ message }, kernel) => {
  const { comm_id: id } = message.content;
  await kernel.session.publish("comm_close", { comm_id: id, data: {} }, message.header);
  return undefined;
};

/** `comm_msg` and `comm_close` for a comm that was never opened. */
export const commIgnored: Handler = async () => undefined;
