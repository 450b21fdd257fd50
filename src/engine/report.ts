/** The engines, in the order in which `auto` tries them. */
export const engineNames = ["torch", "wasm"] as const;

/** Name of an engine, which is also the name of its tfjs backend. */
export type EngineName = (typeof engineNames)[number];

/** What one engine offers on this machine, or why it is missing and what installs it. */
export interface EngineReport {
  readonly name: EngineName;
  readonly available: boolean;
  /** Such as `cpu`. */
  readonly device?: string;
  /** Version of the library that computes, such as `libtorch 1.13.0`. */
  readonly version?: string;
  readonly threads?: number;
  /** Further facts for `kontrast doctor`. */
  readonly details?: Readonly<Record<string, string>>;
  /** Why it is not available. */
  readonly reason?: string;
  /** The command that makes it available. */
  readonly remedy?: string;
}
