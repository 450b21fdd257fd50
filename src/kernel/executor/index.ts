export { type CellEnd, Executor, type ExecutorListener, type Question } from "./executor.js";
export type { Inspector } from "./inspector.js";
export type { CellCode, CommMessage, Output, RawError, Result, Variable } from "./protocol.js";
