export { type ServeKernelOptions, serveKernel } from "./serveKernel.js";
