import { open, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { ReadableStream } from "node:stream/web";
import type { CardFile } from "./card.js";
import { absent } from "./verifyFile.js";

/** An answer of the server, and the place in the file that it begins at. */
interface Answer {
  readonly start: number;
  readonly body: ReadableStream<Uint8Array>;
}

/**
 * Receives a file into `partial`, or the rest of it if its beginning is there from an earlier attempt. Beside it lies
 * `partial.from`: which version of the file it is the beginning of, as the server names it.
 *
 * @param onProgress told how many bytes are there
 * @param signal ends it
 * @throws Error `download: <address> …`; what has arrived stays in `partial` unless it cannot be of this file
 */
export async function receive(
  partial: string,
  { bytes }: CardFile,
  address: string,
  onProgress: (done: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { start, body } = await ask(partial, bytes, address, signal);
  const output = await open(partial, start === 0 ? "w" : "a");
  let done = start;
  try {
    for await (const piece of pieces(body, address, bytes, () => done)) {
      if (done + piece.length > bytes) {
        await forgetPartial(partial);
        throw new Error(`download: ${address} must have ${bytes} bytes, sends more; the file there is another one`);
      }
      await output.writeFile(piece);
      done += piece.length;
      onProgress(done);
    }
    await output.sync();
  } finally {
    await output.close();
  }
  if (done < bytes && start === 0) {
    await forgetPartial(partial);
    throw new Error(
      `download: ${address} must have ${bytes} bytes, sent all of its ${done}; the file there is another one`,
    );
  }
  if (done < bytes) {
    throw new Error(`download: ${address} must have ${bytes} bytes, sent ${done}; run it again to go on from there`);
  }
}

/** Removes what is left of an attempt. */
export async function forgetPartial(partial: string): Promise<void> {
  await Promise.all([partial, `${partial}.from`].map((path) => rm(path, { force: true })));
}

async function ask(partial: string, bytes: number, address: string, signal?: AbortSignal): Promise<Answer> {
  const there = (await stat(partial).catch(absent))?.size ?? 0;
  const version = await readFile(`${partial}.from`, "utf8").catch(absent);
  // Without a version the server is taken at its word: the sha256 has the last one.
  const resumable = there > 0 && there < bytes;
  // identity: a server must not pack what is packed, and parts of a file are counted in its own bytes
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (resumable)
    Object.assign(headers, { range: `bytes=${there}-`, ...(version !== undefined && { "if-range": version }) });
  const response = await fetch(address, { headers, signal: signal ?? null }).catch((cause) => {
    throw lost(address, cause, there, bytes);
  });
  const body = response.body as ReadableStream<Uint8Array> | null;
  if (response.status === 206 && body && resumable && startOf(response) === there) return { start: there, body };
  if (response.status === 200 && body) {
    await requireLength(response, address, bytes);
    await remember(partial, response);
    return { start: 0, body };
  }
  await body?.cancel();
  if (response.status === 416 || response.status === 206) {
    await forgetPartial(partial);
    throw new Error(`download: ${address} does not send the part from ${there} that it was asked for; run it again`);
  }
  throw new Error(
    `download: ${address} answered ${response.status} ${response.statusText}; try again later or use a mirror`,
  );
}

/** A page that asks for a password or a fee is no file, and what was received before is kept. */
async function requireLength({ headers, body }: Response, address: string, bytes: number): Promise<void> {
  const length = headers.get("content-length");
  if (length === null || Number(length) === bytes) return;
  await body?.cancel();
  const kind = headers.get("content-type");
  const what = `${length} bytes${kind === null ? "" : ` of ${kind}`}`;
  throw new Error(
    `download: ${address} must have ${bytes} bytes, the answer has ${what}; what is there is another file`,
  );
}

/** Keeps what the server calls this version of the file; only a strong tag or a date may guard a part (RFC 9110, 13.1.5). */
async function remember(partial: string, { headers }: Response): Promise<void> {
  const tag = headers.get("etag");
  const version = tag && !tag.startsWith("W/") ? tag : headers.get("last-modified");
  await forgetPartial(partial);
  if (version !== null) await writeFile(`${partial}.from`, version);
}

function startOf({ headers }: Response): number {
  return Number(/^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1] ?? Number.NaN);
}

async function* pieces(
  body: ReadableStream<Uint8Array>,
  address: string,
  bytes: number,
  done: () => number,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    while (true) {
      const part = await reader.read().catch((cause) => {
        throw lost(address, cause as Error, done(), bytes);
      });
      if (part.done) return;
      yield part.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // of a connection that is lost already
  }
}

/** `fetch` says "fetch failed" and hides why in the cause's cause. */
function lost(address: string, cause: Error, done: number, bytes: number): Error {
  const inner = cause.cause as NodeJS.ErrnoException | undefined;
  const reason = inner?.message || inner?.code || cause.message;
  const kept = done > 0 ? ` after ${done} of ${bytes} bytes, which are kept` : "";
  return new Error(`download: ${address} could not be read${kept} (${reason}); check the network and try again`, {
    cause,
  });
}
