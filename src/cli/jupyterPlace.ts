import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Command, type CommandArguments, UsageError } from "./command.js";
import { jupyterDataFolder } from "./jupyterDataFolder.js";

/** What `install` writes and `uninstall` removes. */
export interface JupyterPlace {
  /** Name of the kernelspec. */
  readonly name: string;
  /** Folder of all kernelspecs. */
  readonly kernels: string;
  /** Folder of ours. */
  readonly kernelspec: string;
  /** Folder of the extension of JupyterLab. */
  readonly labextension: string;
}

/** Options that say which place is meant. */
export const placeOptions: NonNullable<Command["options"]> = {
  user: { type: "boolean" },
  prefix: { type: "string" },
  "sys-prefix": { type: "boolean" },
  name: { type: "string" },
};

/** What `--help` says of them. */
export const placeUsage = `  --user        for this user (the default; JUPYTER_DATA_DIR is honoured)
  --prefix DIR  below DIR/share/jupyter
  --sys-prefix  below the prefix of the python3 on PATH, such as a virtual environment
  --name NAME   name of the kernelspec (default: kontrast)`;

/**
 * The place that the user means.
 *
 * @param caller the command, for messages
 * @throws UsageError `install: only one of --user, --prefix and --sys-prefix can be given`
 */
export async function jupyterPlace(caller: string, values: CommandArguments["values"]): Promise<JupyterPlace> {
  const { name = "kontrast" } = values;
  if (typeof name !== "string" || !/^(?!\.+$)[A-Za-z0-9._-]+$/.test(name)) {
    throw new UsageError(`${caller}: --name must consist of letters, digits, ".", "_" and "-", got "${name}"`);
  }
  const jupyter = await jupyterFolder(caller, values);
  const kernels = join(jupyter, "kernels");
  return {
    name,
    kernels,
    kernelspec: join(kernels, name),
    labextension: join(jupyter, "labextensions", "kontrast"),
  };
}

async function jupyterFolder(caller: string, values: CommandArguments["values"]): Promise<string> {
  const { user, prefix, "sys-prefix": sysPrefix } = values;
  if ([user, prefix, sysPrefix].filter((given) => given !== undefined).length > 1) {
    throw new UsageError(`${caller}: only one of --user, --prefix and --sys-prefix can be given`);
  }
  if (typeof prefix === "string") return join(resolve(prefix), "share", "jupyter");
  if (sysPrefix) return join(await pythonPrefix(caller), "share", "jupyter");
  return jupyterDataFolder();
}

async function pythonPrefix(caller: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("python3", ["-c", "import sys; print(sys.prefix)"]);
    return stdout.trim();
  } catch (cause) {
    throw new Error(`${caller}: --sys-prefix needs a python3 on PATH that runs; use --prefix DIR instead`, { cause });
  }
}
