export { serveKernel } from "./handlers/index.js";
export { readConnectionFile } from "./wire/index.js";
