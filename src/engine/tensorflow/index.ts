export { report } from "./report.js";
export { start } from "./start.js";
