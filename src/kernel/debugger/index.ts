export { Debugger } from "./debugger.js";
