export { type CellEnd, Executor, type ExecutorListener } from "./executor.js";
export type { CellCode, Output, RawError } from "./protocol.js";
