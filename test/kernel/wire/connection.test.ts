import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  address,
  type ConnectionInfo,
  readConnectionFile,
  writeConnectionFile,
} from "../../../src/kernel/wire/index.js";

const connection: ConnectionInfo = {
  ip: "127.0.0.1",
  transport: "tcp",
  shell_port: 5001,
  control_port: 5002,
  iopub_port: 5003,
  stdin_port: 5004,
  hb_port: 5005,
  key: "very-secret",
  signature_scheme: "hmac-sha256",
};
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kontrast-wire-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("round trip, readable by its owner alone", async () => {
  const path = join(folder, "connection.json");
  await writeConnectionFile(path, connection);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readConnectionFile(path)).toEqual(connection);
});

test("addresses of both transports", () => {
  expect(address(connection, "hb")).toBe("tcp://127.0.0.1:5005");
  expect(address({ ...connection, ip: "::1" }, "shell")).toBe("tcp://[::1]:5001");
  expect(address({ ...connection, transport: "ipc", ip: "/run/k" }, "iopub")).toBe("ipc:///run/k-5003");
});

test.each([
  ["{", "must hold JSON"],
  ["7", "must hold an object"],
  [JSON.stringify({ ...connection, shell_port: 0 }), "shell_port must be a port"],
  [JSON.stringify({ ...connection, transport: "udp" }), 'transport must be "tcp" or "ipc"'],
  [JSON.stringify({ ...connection, signature_scheme: "hmac-md5" }), 'signature_scheme must be "hmac-sha256"'],
  [`{"key": "very-secret", oops`, "must hold JSON"],
])("a bad file is named, its key is not: %s", async (text, rule) => {
  const path = join(folder, "bad.json");
  await writeFile(path, text);
  const error: Error = await readConnectionFile(path).then(
    () => expect.unreachable(),
    (reason) => reason,
  );
  expect(error.message).toContain(path);
  expect(error.message).toContain(rule);
  expect(`${error.stack}${String(error.cause)}`).not.toContain("very-secret");
});

test("a missing file is named", async () => {
  await expect(readConnectionFile(join(folder, "none.json"))).rejects.toThrow(/none\.json \(ENOENT\)/);
});
