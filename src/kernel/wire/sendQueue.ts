/** What a queue needs of a zeromq socket. */
export interface Sender {
  send(frames: Buffer[]): Promise<void>;
}

/**
 * Sends one message at a time, in order. zeromq.js takes 512 sends in one tick and then throws EBUSY, which is how
 * other kernels lose output; a queue that waits for each send loses none.
 */
export class SendQueue {
  readonly #socket: Sender;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(socket: Sender) {
    this.#socket = socket;
  }

  /** Resolves when the socket has taken the frames; rejects, for this message alone, if it refused them. */
  send(frames: Buffer[]): Promise<void> {
    const sending = this.#tail.then(() => this.#socket.send(frames));
    // The caller hears of the failure through `sending`; the next message is sent all the same.
    this.#tail = sending.catch(() => undefined);
    return sending;
  }

  /** Resolves when everything queued so far was sent or refused. */
  async drained(): Promise<void> {
    await this.#tail;
  }
}
