/** Work that is ready to be measured, and warm. */
export interface Prepared {
  /** Follows from the work alone, so that the peer must say the same: a checksum, or a count of parameters. */
  readonly check: number;
  /** Does the work `calls` times. @returns the seconds it took, until the device was done */
  run(calls: number): Promise<number>;
  release(): Promise<void>;
}

/** Makes work ready; the parameters are those of the suite's side, whose types both ends know. */
export type Case<Params> = (params: Params) => Promise<Prepared>;

/** This engine cannot do it; the row is left out, with this reason. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}
