import { requireOneOf, requireThat } from "../check/index.js";
import { describeMissing, type EngineName, type EngineOptions, type EngineReport, engineNames } from "./report.js";

/** Which engine is to be used, and why it is that one. */
export interface EngineChoice {
  readonly name: EngineName;
  readonly options: EngineOptions;
  /** Such as `KONTRAST_ENGINE names it` or `auto: tensorflow and webgpu are not at hand`. */
  readonly why: string;
}

/** The places of `auto`, best first. */
const places: readonly { label: string; name: EngineName; takes: (report: EngineReport) => boolean }[] = [
  { label: "torch on CUDA", name: "torch", takes: ({ device }) => device?.startsWith("cuda") ?? false },
  { label: "tensorflow", name: "tensorflow", takes: () => true },
  { label: "webgpu", name: "webgpu", takes: () => true },
  { label: "torch", name: "torch", takes: () => true },
  { label: "wasm", name: "wasm", takes: () => true },
];

/**
 * Decides between the engines; starts nothing. A device asks for `torch`, the engine that has several.
 *
 * @param asked an engine or `auto`; default: the environment variable KONTRAST_ENGINE, else `auto`
 * @param options.device default: the environment variable KONTRAST_DEVICE, where `torch` may be chosen
 * @param reportOf says what an engine offers; asked only as far down the order of `auto` as need be
 * @throws RangeError `engine: name must be one of "auto", "torch", …, got "x"` (or `KONTRAST_ENGINE must be …`)
 * @throws RangeError `engine: device must be "cpu", "cuda" or "cuda:<number>", got "tpu"` (or `KONTRAST_DEVICE must be …`)
 * @throws RangeError `engine: device is for torch alone, got "cuda" for wasm`
 * @throws Error `engine: torch is not available: <reason>; to get it run: <command>`
 */
export async function chooseEngine(
  asked: string | undefined,
  options: EngineOptions,
  reportOf: (name: EngineName, options: EngineOptions) => Promise<EngineReport>,
): Promise<EngineChoice> {
  const fromEnvironment = process.env["KONTRAST_ENGINE"];
  const caller = asked ? "name" : "KONTRAST_ENGINE";
  const wanted = requireOneOf("engine", caller, asked || fromEnvironment || "auto", ["auto", ...engineNames]);
  if (wanted !== "torch" && wanted !== "auto") {
    requireThat(
      options.device === undefined,
      "engine",
      `device is for torch alone, got "${options.device}" for ${wanted}`,
    );
    return { name: requireAvailable(await reportOf(wanted, {})), options: {}, why: `${whoNames(asked)} names it` };
  }
  const device = requireDevice(options.device);
  const forTorch = device === undefined ? {} : { device };
  if (wanted === "torch" || device !== undefined) {
    const name = requireAvailable(await reportOf("torch", forTorch));
    const why = wanted === "torch" ? `${whoNames(asked)} names it` : `${device} asks for it`;
    return { name, options: forTorch, why };
  }
  return firstOf(reportOf);
}

async function firstOf(reportOf: (name: EngineName, options: EngineOptions) => Promise<EngineReport>) {
  const reports = new Map<EngineName, EngineReport>();
  const passed: string[] = [];
  for (const { label, name, takes } of places) {
    const report = reports.get(name) ?? (await reportOf(name, {}));
    reports.set(name, report);
    if (report.available && !report.passedOver && takes(report)) return { name, options: {}, why: autoReason(passed) };
    passed.push(label);
  }
  throw new Error([...reports.values()].map(describeMissing).join(" "));
}

function autoReason(passed: readonly string[]): string {
  if (passed.length === 0) return "auto: the first in its order";
  const names = passed.length === 1 ? passed[0] : `${passed.slice(0, -1).join(", ")} and ${passed.at(-1)}`;
  return `auto: ${names} ${passed.length === 1 ? "is" : "are"} not at hand`;
}

function whoNames(asked: string | undefined): string {
  return asked ? "the call" : "KONTRAST_ENGINE";
}

function requireDevice(given: string | undefined): string | undefined {
  const device = given ?? (process.env["KONTRAST_DEVICE"] || undefined);
  const what = given === undefined ? "KONTRAST_DEVICE" : "device";
  const valid = device === undefined || /^(cpu|cuda(:\d+)?)$/.test(device);
  requireThat(valid, "engine", `${what} must be "cpu", "cuda" or "cuda:<number>", got "${device}"`);
  return device;
}

function requireAvailable(report: EngineReport): EngineName {
  if (!report.available) throw new Error(describeMissing(report));
  return report.name;
}
