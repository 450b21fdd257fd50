import { requireOneOf } from "../check/index.js";
import { type EngineName, type EngineReport, engineNames } from "./report.js";

interface EngineModule {
  report(): Promise<EngineReport>;
  start(): Promise<EngineReport>;
}

/** Loaded when asked for: the torch addon pulls in a library of 300 MB. */
const modules: Record<EngineName, () => Promise<EngineModule>> = {
  torch: () => import("./torch/index.js"),
  wasm: () => import("./wasm/index.js"),
};

let started: EngineReport | undefined;

/** The door to everything that computes: says which engines there are and puts one to use. */
export const engine = {
  /**
   * Puts an engine to use; all tensors made afterwards live on it.
   *
   * @param name an engine, or `auto` for the best one that is available; default: the environment variable
   *   KONTRAST_ENGINE, else `auto`
   * @throws RangeError `engine: name must be one of "auto", "torch", "wasm", got "x"` (or `KONTRAST_ENGINE must be …`)
   * @throws Error `engine: torch is not available: <reason>; to get it run: <command>`
   */
  async use(name?: string): Promise<EngineReport> {
    const asked = name ?? (process.env["KONTRAST_ENGINE"] || "auto");
    const wanted = requireOneOf("engine", name ? "name" : "KONTRAST_ENGINE", asked, ["auto", ...engineNames]);
    const chosen = wanted === "auto" ? await firstAvailable() : wanted;
    if (started?.name === chosen) return started;
    const module = await modules[chosen]();
    const report = await module.report();
    if (!report.available) throw new Error(missing(report));
    started = await module.start();
    return started;
  },

  /** What every engine offers on this machine, or why it is missing; starts nothing. */
  async list(): Promise<EngineReport[]> {
    return Promise.all(engineNames.map(async (name) => (await modules[name]()).report()));
  },

  /**
   * The engine in use.
   *
   * @throws Error `engine: none is in use; call await engine.use() first`
   */
  current(): EngineReport {
    if (!started) throw new Error("engine: none is in use; call await engine.use() first");
    return started;
  },
};

async function firstAvailable(): Promise<EngineName> {
  const reports = await engine.list();
  const found = reports.find((report) => report.available);
  if (!found) throw new Error(reports.map(missing).join(" "));
  return found.name;
}

function missing({ name, reason, remedy }: EngineReport): string {
  return `engine: ${name} is not available: ${reason}; to get it run: ${remedy}`;
}
