import { Reply, Router, XPublisher } from "zeromq";
import { address, type ConnectionInfo, curveServer } from "./connection.js";
import { decodeMessage, encodeMessage, type Message } from "./message.js";
import { SeenSignatures } from "./seenSignatures.js";
import { SendQueue } from "./sendQueue.js";

/** Channels on which requests arrive. */
export type RequestChannel = "shell" | "control" | "stdin";

type OnDropped = (reason: string, count: number) => void;

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
  readonly #onDropped: OnDropped;
  #dropped = 0;

  private constructor(connection: ConnectionInfo, onDropped: OnDropped) {
    const curve = curveServer(connection);
    // No high-water mark: beyond it a ROUTER drops messages without a word, and an XPUB too.
    const options = { linger, sendHighWaterMark: 0, ...curve };
    this.#key = connection.key;
    this.#onDropped = onDropped;
    this.#routers = { shell: new Router(options), control: new Router(options), stdin: new Router(options) };
    this.#publisher = new XPublisher(options);
    // Every subscriber is welcomed, not only the first of each topic.
    this.#publisher.verbosity = "allSubs";
    this.#heartbeat = new Reply({ linger: 0, ...curve });
    this.#queues = {
      shell: new SendQueue(this.#routers.shell),
      control: new SendQueue(this.#routers.control),
      stdin: new SendQueue(this.#routers.stdin),
      iopub: new SendQueue(this.#publisher),
    };
  }

  /**
   * Binds all five.
   *
   * @param onDropped told why a message was dropped, and how many that makes
   * @throws Error `KernelSockets: cannot listen on tcp://127.0.0.1:5001 (EADDRINUSE)`
   */
  static async bind(connection: ConnectionInfo, onDropped: OnDropped = () => {}): Promise<KernelSockets> {
    const sockets = new KernelSockets(connection, onDropped);
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

  /** How many messages were dropped because they were unsigned or malformed. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Requests of a channel in the order of their arrival; ends when the sockets are closed. */
  async *requests(channel: RequestChannel): AsyncGenerator<Message> {
    for await (const frames of this.#routers[channel]) {
      let message: Message;
      try {
        message = decodeMessage(frames, this.#key, this.#seen);
      } catch (error) {
        this.#onDropped((error as Error).message, ++this.#dropped);
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

  /** Closes all sockets once what was queued is sent. */
  async closeWhenSent(): Promise<void> {
    await Promise.all(Object.values(this.#queues).map((queue) => queue.drained()));
    this.close();
  }

  close(): void {
    for (const socket of [...Object.values(this.#routers), this.#publisher, this.#heartbeat]) socket.close();
  }
}
