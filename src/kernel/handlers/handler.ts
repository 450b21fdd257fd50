import type { JsonObject } from "../wire/index.js";
import type { Kernel } from "./kernel.js";
import type { Request } from "./request.js";

/**
 * Answers one type of request with the content of the reply, `undefined` for messages that get none. What it shows on
 * the way goes through the kernel's session.
 */
export type Handler = (request: Request, kernel: Kernel) => Promise<JsonObject | undefined>;
