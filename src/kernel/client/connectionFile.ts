import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capability, curveKeyPair } from "zeromq";
import { type ConnectionInfo, channels, writeConnectionFile } from "../wire/index.js";

/** A connection that a kernel is to serve, and the file that tells it so. */
export interface ConnectionFile {
  readonly connection: ConnectionInfo;
  readonly path: string;
  /** Deletes the file and its folder. */
  remove(): Promise<void>;
}

/**
 * Picks five free ports of this machine and a fresh key, and writes them to a file only we can read.
 *
 * @param encrypted whether the kernel understands CurveZMQ keys: without them other users of the machine could listen
 */
export async function createConnectionFile(encrypted: boolean): Promise<ConnectionFile> {
  const ports = await freePorts(channels.length);
  const byName = Object.fromEntries(channels.map((channel, index) => [`${channel}_port`, ports[index]]));
  const connection = {
    ip: "127.0.0.1",
    transport: "tcp",
    ...byName,
    key: randomBytes(32).toString("hex"),
    signature_scheme: "hmac-sha256",
    ...(encrypted && curveKeys()),
  } as ConnectionInfo;
  const folder = await mkdtemp(join(tmpdir(), "kontrast-kernel-"));
  const path = join(folder, "connection.json");
  await writeConnectionFile(path, connection);
  return { connection, path, remove: () => rm(folder, { recursive: true, force: true }) };
}

function curveKeys() {
  if (!capability.curve) return {};
  const { publicKey, secretKey } = curveKeyPair();
  return { curve_publickey: publicKey, curve_secretkey: secretKey };
}

/** Holds all ports at once before letting go of any, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
