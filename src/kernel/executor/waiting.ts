import { isGivenUp } from "./causes.js";

/** What the code of a cell asks after each `await`, so that none goes on after its cell was given up. */
export class Waiting {
  get isGivenUp(): boolean {
    return isGivenUp();
  }

  /** A new one each time, so that what waits for it is garbage. */
  get never(): Promise<never> {
    return new Promise(() => undefined);
  }

  /** What was waited for; the second value empties the place where it was kept. */
  pass(awaited: unknown, _emptied: undefined): unknown {
    return awaited;
  }
}
