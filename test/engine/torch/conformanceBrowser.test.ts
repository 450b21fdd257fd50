import { installBrowserGlobals } from "./browserGlobals.js";
import { isExcluded } from "./exclusions.js";
import { collect, run } from "./jasmine.js";

// The suites that tfjs-core constrains to browsers; most of them need none, or no more than jsdom has.
installBrowserGlobals();
const { start } = await import("../../../src/engine/torch/index.js");
await start();
run(await collect("browser"), isExcluded);
