import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach } from "vitest";
import { realData } from "./temporary.js";

/** Answers one request for a file; `contents` are the real ones. */
type Answer = (response: ServerResponse, contents: Buffer, name: string) => void;

/** A mirror of Fashion-MNIST on this machine; resolves to its address and the names that were asked for. */
export function useMirror(): (answer?: Answer) => Promise<{ address: string; asked: string[] }> {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });
  return async (answer = (response, contents) => void response.end(contents)) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const name = (request.url ?? "").slice(1);
      asked.push(name);
      readFile(join(realData, "fashion-mnist", name)).then(
        (contents) => answer(response, contents, name),
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
    return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  };
}
