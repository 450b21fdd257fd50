import { Dealer, Subscriber } from "zeromq";
import {
  address,
  type ConnectionInfo,
  curveClient,
  decodeMessage,
  encodeMessage,
  type Header,
  type JsonObject,
  type Message,
  SendQueue,
} from "../wire/index.js";

type Requester = "shell" | "control";

interface Waiting {
  resolve(reply: Message): void;
  reject(error: Error): void;
}

/** The client's ends of a kernel's sockets: requests with their replies, and what the kernel publishes. */
export class Channels {
  readonly #key: string;
  readonly #sockets: { shell: Dealer; control: Dealer; iopub: Subscriber };
  readonly #queues: Record<Requester, SendQueue>;
  readonly #waiting = new Map<string, Waiting>();
  #failure: Error | undefined;
  #reject!: (error: Error) => void;
  /** Rejects when {@link fail} is called; never resolves. */
  readonly failed = new Promise<never>((_, reject) => {
    this.#reject = reject;
  });

  /** @param onPublished called for each message on IOPub, in order */
  constructor(connection: ConnectionInfo, session: string, onPublished: (message: Message) => void) {
    this.#key = connection.key;
    this.failed.catch(() => undefined); // a failure while nobody waits is told to the next request
    // linger 0: closing must not wait for a dead kernel. receiveHighWaterMark 0: no output may be dropped.
    const options = { linger: 0, receiveHighWaterMark: 0, ...curveClient(connection) };
    const shell = new Dealer({ ...options, routingId: session });
    const control = new Dealer({ ...options, routingId: session });
    const iopub = new Subscriber(options);
    this.#sockets = { shell, control, iopub };
    this.#queues = { shell: new SendQueue(shell), control: new SendQueue(control) };
    iopub.subscribe();
    shell.connect(address(connection, "shell"));
    control.connect(address(connection, "control"));
    iopub.connect(address(connection, "iopub"));
    const onReply = (message: Message) => this.#settle(message);
    void this.#listen(shell, onReply);
    void this.#listen(control, onReply);
    void this.#listen(iopub, onPublished);
  }

  /** Sends a request and resolves with its reply; rejects when {@link fail} is called first. */
  async request(channel: Requester, header: Header, content: JsonObject): Promise<Message> {
    if (this.#failure) throw this.#failure;
    const message = { identities: [], header, parentHeader: {}, metadata: {}, content, buffers: [] };
    const reply = new Promise<Message>((resolve, reject) => {
      this.#waiting.set(header.msg_id, { resolve, reject });
    });
    const sent = this.#queues[channel].send(encodeMessage(message, this.#key));
    const [answer] = await Promise.all([reply, sent]);
    return answer;
  }

  /** Rejects every open and every later request. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#reject(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  close(): void {
    this.fail(new Error("kernel: the connection is closed"));
    for (const socket of Object.values(this.#sockets)) socket.close();
  }

  async #listen(socket: Dealer | Subscriber, onMessage: (message: Message) => void): Promise<void> {
    try {
      for await (const frames of socket) this.#receive(frames, onMessage);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  #receive(frames: Buffer[], onMessage: (message: Message) => void): void {
    let message: Message;
    try {
      message = decodeMessage(frames, this.#key);
    } catch (error) {
      // Forged or broken: it must not count as the kernel's word, nor stop the run.
      process.emitWarning((error as Error).message, "KernelMessageWarning");
      return;
    }
    onMessage(message);
  }

  #settle(message: Message): void {
    const parent = message.parentHeader.msg_id;
    const waiting = parent === undefined ? undefined : this.#waiting.get(parent);
    if (parent === undefined || !waiting) return;
    this.#waiting.delete(parent);
    waiting.resolve(message);
  }
}
