import type { Handler } from "./handler.js";

/** `connect_request`: the ports, and nothing of the keys. */
export const connect: Handler = async (_request, { connection }) => {
  const { shell_port, control_port, iopub_port, stdin_port, hb_port } = connection;
  return { status: "ok", shell_port, control_port, iopub_port, stdin_port, hb_port };
};
