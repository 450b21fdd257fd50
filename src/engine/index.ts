export { engine } from "./engine.js";
export { type EngineName, type EngineReport, engineNames } from "./report.js";
