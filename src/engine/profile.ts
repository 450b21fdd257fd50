import { type Displayable, displaySymbol, table } from "../display/index.js";
import { type KernelRecord, recordKernels } from "./recordKernels.js";
import type { EngineReport } from "./report.js";

/** What one kernel did in a profiled step. */
export interface KernelProfile {
  /** Such as `Conv2D`, `Conv2DBackpropFilter`. */
  readonly name: string;
  readonly calls: number;
  /** Time in it, ms, without that in kernels which it calls. */
  readonly milliseconds: number;
  /** Part of the whole step's time, 0 … 1. */
  readonly share: number;
  /** Memory of the tensors that it made; another view of a tensor that was there counts nothing. */
  readonly bytes: number;
}

/** Where the time and memory of a step went. Shows itself as a table in a notebook. */
export interface Profile extends Displayable {
  /** The most time first. */
  readonly kernels: readonly KernelProfile[];
  /** Of the whole step. */
  readonly milliseconds: number;
  /** Of the step outside all kernels: JavaScript, reading back, waiting. */
  readonly outsideMilliseconds: number;
  /** Memory of all tensors that kernels made. */
  readonly bytes: number;
  /** The most memory that tensors held at a time during the step, with those that were there before. */
  readonly peakBytes: number;
  /**
   * What the times of kernels are: of the `work`, which on a GPU is waited for after each kernel (so that the step takes
   * longer than usual); or of the `calls` alone, where a device cannot be waited for within JavaScript's turn (webgpu).
   */
  readonly timing: "work" | "calls";
}

/**
 * Runs a step once and records each kernel of the engine in use, also those of gradients and inside of other kernels.
 *
 * @throws Error `engine.profile: another profile is being taken; await it first`
 * @throws what the step throws
 */
export async function profile(step: () => unknown, { name, device }: EngineReport): Promise<Profile> {
  const timing = name === "webgpu" ? "calls" : "work";
  const record = await recordKernels(step, { wait: timing === "work" && device !== "cpu" });
  const { milliseconds, peakBytes } = record;
  const kernels = [...record.kernels]
    .map(([kernel, kept]) => ({ name: kernel, ...kept, share: kept.milliseconds / milliseconds }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
  const sum = (key: keyof KernelRecord) => kernels.reduce((total, kernel) => total + kernel[key], 0);
  const outsideMilliseconds = milliseconds - sum("milliseconds");
  const bytes = sum("bytes");
  const numbers = { kernels, milliseconds, outsideMilliseconds, bytes, peakBytes, timing } as const;
  const where = `${name}${device ? ` (${device})` : ""}`;
  return { ...numbers, [displaySymbol]: () => asTable(numbers, where, sum("calls"))[displaySymbol]() };
}

function asTable(profile: Omit<Profile, typeof displaySymbol>, where: string, calls: number): Displayable {
  const { kernels, milliseconds, outsideMilliseconds, bytes, peakBytes, timing } = profile;
  const rows = kernels.map((kernel) => ({
    kernel: kernel.name,
    calls: kernel.calls as number | null,
    "time (ms)": kernel.milliseconds,
    "share (%)": kernel.share * 100,
    "made (MB)": (kernel.bytes / 1e6) as number | null,
  }));
  const share = (outsideMilliseconds / milliseconds) * 100;
  const outside = { "time (ms)": outsideMilliseconds, "share (%)": share, "made (MB)": null };
  rows.push({ kernel: "outside kernels", calls: null, ...outside });
  const made = { "share (%)": 100, "made (MB)": bytes / 1e6 };
  rows.push({ kernel: "all", calls, "time (ms)": milliseconds, ...made });
  const kind = timing === "calls" ? "; times are of the calls, the device works on after them" : "";
  const caption = `One step on ${where}: at most ${(peakBytes / 1e6).toPrecision(3)} MB in tensors${kind}`;
  return table(rows, { caption, limit: rows.length });
}
