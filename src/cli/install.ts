import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Command, type CommandArguments, UsageError } from "./command.js";
import { jupyterDataFolder } from "./jupyterDataFolder.js";

/** The kernelspec's template and logos, and the extension of JupyterLab, seen from `dist/cli/`. */
const template = fileURLToPath(new URL("../../kernels/kontrast", import.meta.url));
const labextension = fileURLToPath(new URL("../../kernels/labextension", import.meta.url));
const main = fileURLToPath(new URL("main.js", import.meta.url));

/** `kontrast install`: registers the kernel with Jupyter. */
export const install: Command = {
  summary: "Register the kernel with Jupyter",
  usage: `
Usage: kontrast install [--user | --prefix DIR | --sys-prefix] [--name NAME]

Writes the kernelspec that makes the kernel appear in Jupyter, and the extension that connects live views to it in
JupyterLab and Notebook 7; a second run replaces both.

  --user        for this user (the default; JUPYTER_DATA_DIR is honoured)
  --prefix DIR  below DIR/share/jupyter
  --sys-prefix  below the prefix of the python3 on PATH, such as a virtual environment
  --name NAME   name of the kernelspec (default: kontrast)
`,
  options: {
    user: { type: "boolean" },
    prefix: { type: "string" },
    "sys-prefix": { type: "boolean" },
    name: { type: "string" },
  },
  async run({ values }) {
    const { name = "kontrast" } = values;
    if (typeof name !== "string" || !/^[A-Za-z0-9._-]+$/.test(name)) {
      throw new UsageError(`install: --name must consist of letters, digits, ".", "_" and "-", got "${name}"`);
    }
    const jupyter = await jupyterFolder(values);
    const folder = join(jupyter, "kernels", name);
    await replaceFolder(folder, template, async (fresh) => {
      const spec = JSON.parse(await readFile(join(template, "kernel.json"), "utf8"));
      // Absolute paths: a notebook server has a PATH of its own.
      spec.argv = [process.execPath, main, "kernel", "--connection-file", "{connection_file}"];
      await writeFile(join(fresh, "kernel.json"), `${JSON.stringify(spec, undefined, 2)}\n`);
    });
    await replaceFolder(join(jupyter, "labextensions", "kontrast"), labextension);
    process.stdout.write(`The kernel "${name}" is now in ${folder}\n`);
    return 0;
  },
};

/** Jupyter's data folder that the user means. */
async function jupyterFolder(values: CommandArguments["values"]): Promise<string> {
  const { user, prefix, "sys-prefix": sysPrefix } = values;
  if ([user, prefix, sysPrefix].filter((given) => given !== undefined).length > 1) {
    throw new UsageError("install: only one of --user, --prefix and --sys-prefix can be given");
  }
  if (typeof prefix === "string") return join(resolve(prefix), "share", "jupyter");
  if (sysPrefix) return join(await pythonPrefix(), "share", "jupyter");
  return jupyterDataFolder();
}

async function pythonPrefix(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("python3", ["-c", "import sys; print(sys.prefix)"]);
    return stdout.trim();
  } catch (cause) {
    throw new Error("install: --sys-prefix needs a python3 on PATH that runs; use --prefix DIR instead", { cause });
  }
}

/** Copies beside the target and renames, so that Jupyter never sees half of it. */
async function replaceFolder(
  folder: string,
  source: string,
  change: (fresh: string) => Promise<void> = async () => {},
): Promise<void> {
  const fresh = `${folder}.new-${process.pid}`;
  const old = `${folder}.old-${process.pid}`;
  try {
    await mkdir(join(folder, ".."), { recursive: true });
    await cp(source, fresh, { recursive: true });
    await change(fresh);
    await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    await rename(fresh, folder);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Error(`install: cannot write ${folder} (${code ?? message}); choose another folder with --prefix DIR`, {
      cause,
    });
  } finally {
    await Promise.all(
      [fresh, old].map((leftover) => rm(leftover, { recursive: true, force: true }).catch(() => undefined)),
    );
  }
}
