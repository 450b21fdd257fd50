export { serveKernel } from "./handlers/index.js";
export { connectionFileRisk, readConnectionFile } from "./wire/index.js";
