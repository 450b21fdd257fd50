import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { kontrast } from "../cli/kontrast.js";

/** Where screenshots are kept, for people to look at. */
export const pictures = fileURLToPath(new URL("../../out/frontends", import.meta.url));

/** A Jupyter server of our own, in a folder of its own, with our kernel and nothing of the user's. */
export interface JupyterServer {
  readonly url: string;
  /** The folder of its notebooks. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Starts Debian's Notebook 6; rejects with what it says when it does not answer. */
export async function startNotebook6(): Promise<JupyterServer> {
  const folder = await mkdtemp(join(tmpdir(), "kontrast-frontend-"));
  const { status, stderr } = await kontrast(folder, "install", "--prefix", join(folder, "prefix")).finished;
  if (status !== 0) throw new Error(`startNotebook6: the kernel cannot be installed: ${stderr}`);
  const port = await freePort();
  const words = ["--no-browser", "--allow-root", "--ip=127.0.0.1", `--port=${port}`, `--notebook-dir=${folder}`];
  const child = spawn("/usr/bin/jupyter-notebook", [...words, "--NotebookApp.token=", "--NotebookApp.password="], {
    cwd: folder,
    detached: true,
    env: {
      ...process.env,
      HOME: folder,
      JUPYTER_PATH: join(folder, "prefix", "share", "jupyter"),
      JUPYTER_CONFIG_DIR: join(folder, "config"),
      JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text: Buffer) => {
      said += text;
    });
  }
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    await rm(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + 30_000; ; await sleep(100)) {
    const answers = await fetch(`${url}/api`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return { url, folder, close };
    if (Date.now() < deadline && child.exitCode === null) continue;
    await close();
    throw new Error(`startNotebook6: no answer at ${url}; it said:\n${said.slice(-2000)}`);
  }
}

/** Writes a notebook of these cells. */
export async function writeNotebook(folder: string, name: string, cells: readonly string[]): Promise<void> {
  await writeFile(join(folder, name), JSON.stringify(notebookOf(cells)));
}

/** A notebook of these cells, for our kernel. */
export function notebookOf(cells: readonly string[]): object {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "kontrast", display_name: "TypeScript (Kontrast)", language: "typescript" } },
    cells: cells.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
