/** How many signatures are remembered, as many as Jupyter's own client does. */
const most = 65_536;

/** Remembers signatures, so that a message that was recorded on the wire cannot be sent a second time. */
export class SeenSignatures {
  readonly #seen = new Set<string>();

  /** Says whether a signature is new, and remembers it. */
  add(signature: string): boolean {
    if (this.#seen.has(signature)) return false;
    this.#seen.add(signature);
    if (this.#seen.size > most) {
      // The oldest tenth: a set keeps the order in which it was filled.
      const oldest = this.#seen.values();
      for (let count = 0; count < most / 10; count++) this.#seen.delete(oldest.next().value as string);
    }
    return true;
  }
}
