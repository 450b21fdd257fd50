import { whenStopped } from "../display/index.js";
import { restoreEngine } from "./restore.js";

whenStopped(restoreEngine);

export type { Captured } from "./capture.js";
export type { EngineChoice } from "./chooseEngine.js";
export { engine, explainChoice } from "./engine.js";
export { fileModel } from "./fileModel.js";
export { nextTurn } from "./nextTurn.js";
export { type Precision, withPrecision } from "./precision.js";
export type { KernelProfile, Profile } from "./profile.js";
export { type EngineName, type EngineOptions, type EngineReport, engineNames } from "./report.js";
