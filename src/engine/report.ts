/** The engines, from the one most like a native library to the one that is always there. */
export const engineNames = ["torch", "tensorflow", "webgpu", "wasm"] as const;

/** Name of an engine, which is also the name of its tfjs backend. */
export type EngineName = (typeof engineNames)[number];

/** What an engine is asked for beyond its name. */
export interface EngineOptions {
  /** Where `torch` computes: `cpu`, `cuda` or `cuda:<number>`. */
  readonly device?: string;
}

/** What one engine offers on this machine, or why it is missing and what installs it. */
export interface EngineReport {
  readonly name: EngineName;
  readonly available: boolean;
  /** Such as `cpu`, `cuda:0` or `gpu`. */
  readonly device?: string;
  /** Version of the library that computes, such as `libtorch 1.13.0`. */
  readonly version?: string;
  readonly threads?: number;
  /** Further facts for `kontrast doctor`. */
  readonly details?: Readonly<Record<string, string>>;
  /** Why `auto` passes it over although it is available. */
  readonly passedOver?: string;
  /** Why it is not available. */
  readonly reason?: string;
  /** The command that makes it available. */
  readonly remedy?: string;
}

/** `engine: torch is not available: <reason>; to get it run: <command>` */
export function describeMissing({ name, reason, remedy }: EngineReport): string {
  return `engine: ${name} is not available: ${reason}; to get it run: ${remedy}`;
}
