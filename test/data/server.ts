import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach } from "vitest";
import { realData } from "./temporary.js";

/** Answers one request for a file; `contents` are the real ones. */
type Answer = (response: ServerResponse, contents: Buffer, name: string, request: IncomingMessage) => void;

/** A server on this machine. */
export interface Mirror {
  readonly address: string;
  /** Names that were asked for. */
  readonly asked: string[];
  /** The `Range` of each request; `undefined` where it asked for the whole. */
  readonly ranges: (string | undefined)[];
}

/**
 * A server that stands in for the ones of the data sets' authors; by default it has the real Fashion-MNIST files.
 *
 * @param answer default {@link sendRange}
 * @param folder of the files
 */
export function useMirror(): (answer?: Answer, folder?: string) => Promise<Mirror> {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });
  return async (answer = sendRange, folder = join(realData, "fashion-mnist")) => {
    const asked: string[] = [];
    const ranges: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      const name = (request.url ?? "").slice(1);
      asked.push(name);
      ranges.push(request.headers.range);
      readFile(join(folder, name)).then(
        (contents) => answer(response, contents, name, request),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, ranges };
  };
}

/** The version that {@link sendRange} calls its files. */
export const tag = '"version-1"';

/** Sends a file, or the part that is asked for if it is of the version asked for. */
export const sendRange: Answer = (response, contents, _, { headers }) => {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
  const isPart = from > 0 && headers["if-range"] === tag;
  const sent = isPart ? contents.subarray(from) : contents;
  response.writeHead(isPart ? 206 : 200, {
    etag: tag,
    "content-length": sent.length,
    ...(isPart && { "content-range": `bytes ${from}-${contents.length - 1}/${contents.length}` }),
  });
  response.end(sent);
};

/** Sends `bytes` of what is asked for, then breaks the connection; later requests are answered whole. */
export function breakOnce(bytes: number): Answer {
  let isBroken = false;
  return (response, contents, name, request) => {
    if (isBroken) return sendRange(response, contents, name, request);
    isBroken = true;
    response.writeHead(200, { etag: tag, "content-length": contents.length });
    response.write(contents.subarray(0, bytes), () => setTimeout(() => response.destroy(), 50));
  };
}
