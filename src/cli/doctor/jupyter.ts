import { execFile } from "node:child_process";
import { access, readFile } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { jupyterDataFolder } from "../jupyterDataFolder.js";
import { findExecutable } from "./executable.js";

export interface JupyterFinding {
  /** The `jupyter` command on PATH. */
  readonly command: string | null;
  /** Folder of the kernelspec that Jupyter would take. */
  readonly kernelspec: string | null;
  /** What keeps the kernelspec from working. */
  readonly reason?: string;
  readonly remedy?: string;
}

/** Whether Jupyter is there and knows the kernel. */
export async function findJupyter(): Promise<JupyterFinding> {
  const command = (await findExecutable("jupyter")) ?? null;
  for (const folder of await dataFolders()) {
    const kernelspec = join(folder, "kernels", "kontrast");
    const text = await readFile(join(kernelspec, "kernel.json"), "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const reason = await fault(text);
    return { command, kernelspec, ...(reason && { reason, remedy: "npx kontrast install" }) };
  }
  return { command, kernelspec: null, reason: "no kernelspec is registered", remedy: "npx kontrast install" };
}

/** Jupyter's data folders in its own order (`jupyter --paths`), without starting it. */
async function dataFolders(): Promise<string[]> {
  const { JUPYTER_PATH: path, PROGRAMDATA: programData } = process.env;
  const prefix = await pythonPrefix();
  const system =
    process.platform === "win32"
      ? [join(programData ?? "C:\\ProgramData", "jupyter")]
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  return [
    ...(path?.split(delimiter).filter(Boolean) ?? []),
    jupyterDataFolder(),
    ...(prefix ? [join(prefix, "share", "jupyter")] : []),
    ...system,
  ];
}

/** Without a Python there is no such folder to look in. */
async function pythonPrefix(): Promise<string | undefined> {
  const python = await findExecutable("python3");
  if (!python) return undefined;
  const { stdout } = await promisify(execFile)(python, ["-c", "import sys; print(sys.prefix)"]);
  return stdout.trim();
}

/** Programs the kernelspec names by absolute path and that are gone, such as an older Node. */
async function fault(text: string): Promise<string | undefined> {
  let argv: unknown;
  try {
    ({ argv } = JSON.parse(text));
  } catch {
    return "its kernel.json is not JSON";
  }
  if (!Array.isArray(argv)) return "its kernel.json has no argv";
  for (const word of argv.slice(0, 2)) {
    const missing =
      isAbsolute(word) &&
      (await access(word).then(
        () => false,
        () => true,
      ));
    if (missing) return `${word} does not exist`;
  }
  return undefined;
}
