import { start } from "../../../src/engine/torch/index.js";
import { isExcluded } from "./exclusions.js";
import { collect, run } from "./jasmine.js";

await start();
run(await collect("node"), isExcluded);
