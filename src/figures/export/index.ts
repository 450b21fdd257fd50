export { plotlyFile } from "./drawing.js";
export { fontFiles } from "./font.js";
