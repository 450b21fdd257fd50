import { isGivenUp } from "./causes.js";

/** What the code of a cell asks around each `await`, so that none goes on after its cell was given up. */
export class Waiting {
  /** What was waited for, until it is taken. */
  awaited: unknown;

  /** What is to be waited for: `value`, or for ever. */
  awaiting(value: unknown): unknown {
    return isGivenUp() ? this.never : value;
  }

  get isGivenUp(): boolean {
    return isGivenUp();
  }

  /** A new one each time, so that what waits for it is garbage. */
  get never(): Promise<never> {
    return new Promise(() => undefined);
  }

  /** Gives what was waited for, and keeps it no longer. */
  get taken(): unknown {
    const value = this.awaited;
    this.awaited = undefined;
    return value;
  }
}
