import { setTimeout } from "node:timers/promises";
import { Reply, Router, XPublisher } from "zeromq";
import { address, type ConnectionInfo, curveServer } from "./connection.js";
import { decodeMessage, encodeMessage, type Message } from "./message.js";
import { SeenSignatures } from "./seenSignatures.js";
import { SendQueue } from "./sendQueue.js";

/** Channels on which requests arrive. */
export type RequestChannel = "shell" | "control" | "stdin";

/** Options of {@link KernelSockets.bind}. */
export interface KernelSocketsOptions {
  /** Told why a message was dropped, and how many that makes. */
  readonly onDropped?: (reason: string, count: number) => void;
  /** Told that a subscriber is not waited for any more. */
  readonly onSlow?: (reason: string) => void;
  /** How long one is waited for, ms; default a minute. */
  readonly longestWait?: number;
}

/** Messages that wait for a slow subscriber before the kernel waits for it: it may be asleep, and shall lose nothing. */
const mostUnread = 1000;
/** Time until it is tried again, ms. */
const retry = 5;
/** So long the kernel waits for one that does not read at all, ms; then it loses what comes, and the others do not wait. */
const longestWait = 60_000;

/** Time for the last messages to leave after closing, ms. */
const linger = 1000;

/**
 * A kernel's five sockets, bound to the connection file's address and no other, encrypted where it has keys for that.
 * Frames that are unsigned, malformed or sent a second time are dropped and counted; their sender is not told, since it
 * holds no key.
 */
export class KernelSockets {
  readonly #key: string;
  readonly #routers: Record<RequestChannel, Router>;
  readonly #publisher: XPublisher;
  readonly #heartbeat: Reply;
  readonly #queues: Record<RequestChannel | "iopub", SendQueue>;
  readonly #seen = new SeenSignatures();
  readonly #options: Required<KernelSocketsOptions>;
  #leavesBehind = false;
  #dropped = 0;

  private constructor(connection: ConnectionInfo, options: KernelSocketsOptions) {
    const curve = curveServer(connection);
    // No high-water mark: beyond it a ROUTER drops messages without a word.
    const unlimited = { linger, sendHighWaterMark: 0, ...curve };
    this.#key = connection.key;
    this.#options = { onDropped: () => {}, onSlow: () => {}, longestWait, ...options };
    this.#routers = { shell: new Router(unlimited), control: new Router(unlimited), stdin: new Router(unlimited) };
    this.#publisher = new XPublisher({ linger, sendHighWaterMark: mostUnread, noDrop: true, ...curve });
    // Every subscriber is welcomed, not only the first of each topic.
    this.#publisher.verbosity = "allSubs";
    this.#heartbeat = new Reply({ linger: 0, ...curve });
    this.#queues = {
      shell: new SendQueue(this.#routers.shell),
      control: new SendQueue(this.#routers.control),
      stdin: new SendQueue(this.#routers.stdin),
      iopub: new SendQueue({ send: (frames) => this.#publish(frames) }),
    };
  }

  /**
   * Binds all five.
   *
   * @throws Error `KernelSockets: cannot listen on tcp://127.0.0.1:5001 (EADDRINUSE)`
   */
  static async bind(connection: ConnectionInfo, options: KernelSocketsOptions = {}): Promise<KernelSockets> {
    const sockets = new KernelSockets(connection, options);
    const { shell, control, stdin } = sockets.#routers;
    const all = { shell, control, stdin, iopub: sockets.#publisher, hb: sockets.#heartbeat };
    for (const [channel, socket] of Object.entries(all)) {
      const where = address(connection, channel as keyof typeof all);
      await socket.bind(where).catch((cause: NodeJS.ErrnoException) => {
        sockets.close();
        throw new Error(`KernelSockets: cannot listen on ${where} (${cause.code ?? cause.message})`, { cause });
      });
    }
    return sockets;
  }

  /** Requests of a channel in the order of their arrival; ends when the sockets are closed. */
  async *requests(channel: RequestChannel): AsyncGenerator<Message> {
    for await (const frames of this.#routers[channel]) {
      let message: Message;
      try {
        message = decodeMessage(frames, this.#key, this.#seen);
      } catch (error) {
        this.#options.onDropped((error as Error).message, ++this.#dropped);
        continue;
      }
      yield message;
    }
  }

  /** Topics to which somebody has just subscribed. */
  async *subscriptions(): AsyncGenerator<Buffer> {
    for await (const [frame] of this.#publisher) {
      if (frame?.[0] === 1) yield frame.subarray(1);
    }
  }

  /** Answers heartbeats with what they hold, until the sockets are closed. */
  async echo(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }

  /** Signs and sends; resolves when zeromq has taken the message. Messages of one channel keep their order. */
  async send(channel: RequestChannel | "iopub", message: Message): Promise<void> {
    await this.#queues[channel].send(encodeMessage(message, this.#key));
  }

  /** zeromq.js waits for a ROUTER that is full, but not for a publisher: it fails. */
  async #publish(frames: Buffer[]): Promise<void> {
    const start = performance.now();
    for (;;) {
      try {
        await this.#publisher.send(frames);
        // Nobody is waited for then: a pace that the others can keep.
        if (this.#leavesBehind) await setTimeout(1);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || this.#publisher.closed) throw error;
        if (performance.now() - start > this.#options.longestWait) this.#leaveBehind();
        else await setTimeout(retry);
      }
    }
  }

  /** Does not wait for slow subscribers for a while. */
  #leaveBehind(): void {
    const { longestWait: wait, onSlow } = this.#options;
    onSlow(`a front end has read nothing for ${wait / 1000} s; it loses what it does not read now`);
    this.#leavesBehind = true;
    this.#publisher.noDrop = false;
    void setTimeout(wait, undefined, { ref: false }).then(() => {
      this.#leavesBehind = false;
      if (!this.#publisher.closed) this.#publisher.noDrop = true;
    });
  }

  /** Closes all sockets once what was queued is sent; it is not waited for longer than the last messages may take. */
  async closeWhenSent(): Promise<void> {
    const sent = Promise.all(Object.values(this.#queues).map((queue) => queue.drained()));
    await Promise.race([sent, setTimeout(linger)]);
    this.close();
  }

  close(): void {
    for (const socket of [...Object.values(this.#routers), this.#publisher, this.#heartbeat]) socket.close();
  }
}
