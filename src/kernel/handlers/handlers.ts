import { commIgnored, commInfo, commOpen } from "./comm.js";
import { complete } from "./complete.js";
import type { Handler } from "./handler.js";
import { historyRequest } from "./historyRequest.js";
import { inspect } from "./inspect.js";
import { interrupt } from "./interrupt.js";
import { isComplete } from "./isComplete.js";
import { kernelInfo } from "./kernelInfo.js";
import { shutdown } from "./shutdown.js";

/**
 * What answers each type of message, on shell and control alike. `execute_request` is not among them: it waits in the
 * `ExecuteQueue`, while these are answered at once, also while a cell runs.
 */
export const handlers: ReadonlyMap<string, Handler> = new Map(
  Object.entries({
    kernel_info_request: kernelInfo,
    complete_request: complete,
    inspect_request: inspect,
    is_complete_request: isComplete,
    history_request: historyRequest,
    comm_info_request: commInfo,
    comm_open: commOpen,
    comm_msg: commIgnored,
    comm_close: commIgnored,
    interrupt_request: interrupt,
    shutdown_request: shutdown,
  }),
);
