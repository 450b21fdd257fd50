import { capture } from "./capture.js";
import { chooseEngine, type EngineChoice } from "./chooseEngine.js";
import { type Profile, profile } from "./profile.js";
import { registerFileScheme } from "./registerFileScheme.js";
import { type EngineName, type EngineOptions, type EngineReport, engineNames } from "./report.js";
import { getBackend, setBackend } from "./tensor.js";

interface EngineModule {
  /** What the engine offers; starts nothing. */
  report(options: EngineOptions): Promise<EngineReport>;
  /** Makes it the tfjs backend, or throws. */
  start(options: EngineOptions): Promise<EngineReport>;
}

/** Loaded when asked for: the torch addon pulls in a library of 300 MB. */
const modules: Record<EngineName, () => Promise<EngineModule>> = {
  torch: () => import("./torch/index.js"),
  tensorflow: () => import("./tensorflow/index.js"),
  webgpu: () => import("./webgpu/index.js"),
  wasm: () => import("./wasm/index.js"),
};

/** What each engine said that was started in this process, under the name of its backend. */
const started = new Map<string, { report: EngineReport; options: EngineOptions }>();

/** Calls wait for those before them: a backend that starts late must not replace one that was asked for later. */
let turn: Promise<unknown> = Promise.resolve();

/** The door to everything that computes: says which engines there are and puts one to use. */
export const engine = {
  /**
   * Puts an engine to use; all tensors made afterwards live on it. When it does not start, the former stays in use.
   *
   * `auto` takes the first that is at hand of: torch on CUDA, tensorflow, webgpu on a hardware adapter, torch on the
   * CPU, wasm.
   *
   * @param name an engine, or `auto` for the best one that is available; default: the environment variable
   *   KONTRAST_ENGINE, else `auto`
   * @param options.device where torch computes, `cpu`, `cuda` or `cuda:<number>`; asks for torch. Default: the
   *   environment variable KONTRAST_DEVICE, else CUDA where the native engine has it
   * @throws RangeError `engine: name must be one of "auto", "torch", "tensorflow", "webgpu", "wasm", got "x"` (or
   *   `KONTRAST_ENGINE must be …`), `engine: device must be …`, `engine: device is for torch alone, got …`
   * @throws Error `engine: torch is not available: <reason>; to get it run: <command>`
   */
  async use(name?: string, options: EngineOptions = {}): Promise<EngineReport> {
    const result = turn.then(() => use(name, options));
    turn = result.catch(() => undefined); // who asked gets the error; who comes next does not
    return result;
  },

  /** What every engine offers on this machine, or why it is missing; starts nothing. */
  async list(): Promise<EngineReport[]> {
    return Promise.all(engineNames.map((name) => reportOf(name, {})));
  },

  /** {@link capture} */
  capture,

  /**
   * The engine in use.
   *
   * @throws Error `engine: none is in use; call await engine.use() first`
   * @throws Error `engine: tfjs computes on "cpu", which engine.use() did not start; call await engine.use()`
   */
  current(): EngineReport {
    if (started.size === 0) throw new Error("engine: none is in use; call await engine.use() first");
    const report = started.get(getBackend())?.report;
    if (report) return report;
    throw new Error(
      `engine: tfjs computes on "${getBackend()}", which engine.use() did not start; call await engine.use()`,
    );
  },

  /**
   * Runs a step once, such as one of training, and says how much time and memory each kernel took.
   *
   *     await engine.profile(() => step())   // as the last value of a cell: a table, the most time first
   *
   * @param step may return a promise, which is waited for; what it makes stays the caller's
   * @throws Error `engine.profile: another profile is being taken; await it first`
   * @throws as `current()`, and what the step throws
   */
  async profile(step: () => unknown): Promise<Profile> {
    return profile(step, engine.current());
  },
};

/**
 * Which engine `engine.use()` would take in this environment, and why.
 *
 * @param reports what `engine.list()` said
 * @throws as `engine.use()`
 */
export async function explainChoice(reports: readonly EngineReport[]): Promise<EngineChoice> {
  return chooseEngine(undefined, {}, async (name, options) => {
    const known = options.device === undefined ? reports.find((report) => report.name === name) : undefined;
    return known ?? reportOf(name, options);
  });
}

async function use(asked: string | undefined, given: EngineOptions): Promise<EngineReport> {
  const { name, options } = await chooseEngine(asked, given, reportOf);
  const former = getBackend();
  const before = started.get(name);
  if (before && former === name && before.options.device === options.device) return before.report;
  try {
    const report = await (await modules[name]()).start(options);
    started.set(name, { report, options });
    registerFileScheme();
    return report;
  } catch (error) {
    if (former && getBackend() !== former) await setBackend(former);
    throw error;
  }
}

async function reportOf(name: EngineName, options: EngineOptions): Promise<EngineReport> {
  return (await modules[name]()).report(options);
}
