export { type Report, type RunOptions, runSuites, suiteNames } from "./run.js";
export { table } from "./table.js";
