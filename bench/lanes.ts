import { Lane, type LaneCommand } from "./lane.js";
import type { LaneName } from "./suite.js";

/** What a lane says about itself. */
export interface About {
  /** Such as `PyTorch 1.13.0`. */
  readonly name: string;
  /** Such as `cpu`. */
  readonly device: string;
  /** Libraries and their versions. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The processes of one run: each lane is started when it is first used and stays until the end. */
export class Lanes {
  readonly #signal: AbortSignal;
  readonly #commands = new Map<LaneName, LaneCommand>();
  readonly #running = new Set<Lane>();
  readonly #open = new Map<LaneName, { lane: Lane; about: About }>();
  /** Libraries and their versions, of all lanes that were ever open. */
  readonly versions: Record<string, string> = {};

  /** @param signal ends all processes and makes every request fail */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", () => void this.stop());
  }

  /** Lets a lane take part; it is started when it is needed. */
  add(name: LaneName, command: LaneCommand): void {
    this.#commands.set(name, command);
  }

  /** Whether a lane takes part. */
  has(name: LaneName): boolean {
    return this.#commands.has(name);
  }

  /** The lane that stays, and what it said of itself. */
  async open(name: LaneName): Promise<{ lane: Lane; about: About }> {
    const known = this.#open.get(name);
    if (known) return known;
    const lane = this.fresh(name);
    const opened = { lane, about: await lane.ask<About>({ do: "about" }) };
    this.#open.set(name, opened);
    Object.assign(this.versions, opened.about.versions);
    return opened;
  }

  /** A process of its own, which the caller hands to {@link close}. */
  fresh(name: LaneName): Lane {
    this.#signal.throwIfAborted();
    const lane = new Lane(this.#commands.get(name) as LaneCommand);
    this.#running.add(lane);
    return lane;
  }

  async close(lane: Lane): Promise<void> {
    this.#running.delete(lane);
    await lane.stop();
  }

  /** Ends all processes; a lane that is opened again starts anew. */
  async stop(): Promise<void> {
    this.#open.clear();
    await Promise.all([...this.#running].map((lane) => this.close(lane)));
  }
}
