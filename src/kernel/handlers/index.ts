export { serveKernel } from "./serveKernel.js";
