import type { Handler } from "./handler.js";

/** `debug_request`: the reply is the debug adapter's response as it is. */
export const debug: Handler = ({ message }, kernel) => kernel.debugger.request(message.content);
