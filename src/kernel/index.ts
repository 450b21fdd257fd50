export { type ServeKernelOptions, serveKernel } from "./handlers/index.js";
export { type ConnectionInfo, readConnectionFile } from "./wire/index.js";
