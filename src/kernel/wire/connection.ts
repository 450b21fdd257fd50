import { readFile } from "node:fs/promises";
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
  readonly kernel_name?: string;
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
  for (const channel of channels) {
    const port = Number(found[`${channel}_port`]);
    require(Number.isInteger(port) && port > 0 && port < 65_536, `${channel}_port must be a port`);
  }
  return { ...(found as unknown as ConnectionInfo), signature_scheme: "hmac-sha256" };
}

/** Writes a connection file that only its owner can read: the key in it is the right to run code. */
export async function writeConnectionFile(path: string, connection: ConnectionInfo): Promise<void> {
  await replaceFile(path, `${JSON.stringify(connection, undefined, 2)}\n`, { mode: 0o600 });
}
