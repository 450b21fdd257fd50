import { comm, commInfo } from "./comm.js";
import { complete } from "./complete.js";
import { connect } from "./connect.js";
import { debug } from "./debug.js";
import type { Handler } from "./handler.js";
import { historyRequest } from "./historyRequest.js";
import { inspect } from "./inspect.js";
import { interrupt } from "./interrupt.js";
import { isComplete } from "./isComplete.js";
import { kernelInfo } from "./kernelInfo.js";
import { shutdown } from "./shutdown.js";
import { createSubshell, deleteSubshell, listSubshell } from "./subshell.js";
import { usage } from "./usage.js";

/**
 * What answers each type of message, on shell and control alike. `execute_request` is not among them: it waits in the
 * `ExecuteQueue` of its shell, while these are answered at once, also while a cell runs.
 */
export const handlers: ReadonlyMap<string, Handler> = new Map(
  Object.entries({
    kernel_info_request: kernelInfo,
    complete_request: complete,
    inspect_request: inspect,
    is_complete_request: isComplete,
    history_request: historyRequest,
    comm_info_request: commInfo,
    comm_open: comm,
    comm_msg: comm,
    comm_close: comm,
    connect_request: connect,
    debug_request: debug,
    interrupt_request: interrupt,
    shutdown_request: shutdown,
    create_subshell_request: createSubshell,
    delete_subshell_request: deleteSubshell,
    list_subshell_request: listSubshell,
    usage_request: usage,
  }),
);
