import { readFile, stat } from "node:fs/promises";
import { replaceFile } from "../../check/index.js";

/** The sockets of a kernel, in the order of a connection file. */
export const channels = ["shell", "control", "iopub", "stdin", "hb"] as const;
export type Channel = (typeof channels)[number];

/** A connection file: where a kernel listens and the key that signs its messages. Field names as in the file. */
export interface ConnectionInfo {
  readonly ip: string;
  readonly transport: "tcp" | "ipc";
  readonly shell_port: number;
  readonly control_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
  /** Secret; empty switches signing off. Never printed. */
  readonly key: string;
  readonly signature_scheme: "hmac-sha256";
  /** CurveZMQ keys of the kernel in Z85, 40 characters each (JEP 145); both or none. The secret one is never printed. */
  readonly curve_publickey?: string;
  readonly curve_secretkey?: string;
}

/** The zeromq address of one of a kernel's sockets. */
export function address(connection: ConnectionInfo, channel: Channel): string {
  const { transport, ip } = connection;
  const port = connection[`${channel}_port`];
  if (transport === "ipc") return `ipc://${ip}-${port}`;
  return `tcp://${ip.includes(":") ? `[${ip}]` : ip}:${port}`;
}

/**
 * Reads and checks a connection file.
 *
 * @throws Error `readConnectionFile: …` that names the file and what is wrong with it, never the key
 */
export async function readConnectionFile(path: string): Promise<ConnectionInfo> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`readConnectionFile: cannot read ${path} (${cause.code})`, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // No `cause`: its message quotes the file, and with it the key.
    throw new Error(`readConnectionFile: ${path} must hold JSON`);
  }
  if (typeof value !== "object" || value === null) throw new Error(`readConnectionFile: ${path} must hold an object`);
  return checked(path, value as Record<string, unknown>);
}

function checked(path: string, found: Record<string, unknown>): ConnectionInfo {
  const require = (condition: boolean, rule: string) => {
    if (!condition) throw new Error(`readConnectionFile: ${path}: ${rule}`);
  };
  const { ip, transport, key, signature_scheme: scheme = "hmac-sha256" } = found;
  require(typeof ip === "string" && ip !== "", "ip must be an address");
  require(transport === "tcp" || transport === "ipc", 'transport must be "tcp" or "ipc"');
  require(typeof key === "string", "key must be a string");
  require(scheme === "hmac-sha256" || key === "", 'signature_scheme must be "hmac-sha256"');
  const { curve_publickey: publicKey, curve_secretkey: secretKey } = found;
  require((publicKey === undefined) === (secretKey === undefined), "it must have both CurveZMQ keys or none");
  for (const curveKey of [publicKey, secretKey]) {
    const fits = curveKey === undefined || (typeof curveKey === "string" && curveKey.length === 40);
    require(fits, "curve_publickey and curve_secretkey must be keys in Z85, 40 characters");
  }
  for (const channel of channels) {
    const port = Number(found[`${channel}_port`]);
    require(Number.isInteger(port) && port > 0 && port < 65_536, `${channel}_port must be a port`);
  }
  return { ...(found as unknown as ConnectionInfo), signature_scheme: "hmac-sha256" };
}

/**
 * Why a connection file is not safe where it lies; `undefined` if it is. Whoever can read it can run code in the kernel.
 */
export async function connectionFileRisk(path: string): Promise<string | undefined> {
  // Windows has no such modes.
  if (process.platform === "win32") return undefined;
  const mode = (await stat(path)).mode & 0o777;
  if ((mode & 0o077) === 0) return undefined;
  return `${path} can be read by other users (mode ${mode.toString(8)}), and who reads it can run code here; chmod 600 it`;
}

/** The options of a zeromq socket that the kernel binds: encrypted, if the connection has keys. */
export function curveServer(connection: ConnectionInfo) {
  const { curve_publickey: curvePublicKey, curve_secretkey: curveSecretKey } = connection;
  return curvePublicKey && curveSecretKey ? { curveServer: true, curvePublicKey, curveSecretKey } : {};
}

/** The options of a zeromq socket that a client connects. Clients use the kernel's own keys, as Jupyter's do. */
export function curveClient(connection: ConnectionInfo) {
  const { curve_publickey: curvePublicKey, curve_secretkey: curveSecretKey } = connection;
  return curvePublicKey && curveSecretKey ? { curveServerKey: curvePublicKey, curvePublicKey, curveSecretKey } : {};
}

/** Writes a connection file that only its owner can read: the key in it is the right to run code. */
export async function writeConnectionFile(path: string, connection: ConnectionInfo): Promise<void> {
  await replaceFile(path, `${JSON.stringify(connection, undefined, 2)}\n`, { mode: 0o600 });
}
