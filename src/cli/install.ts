import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "./command.js";
import { jupyterPlace, placeOptions, placeUsage } from "./jupyterPlace.js";

/** The kernelspec's template and logos, and the extension of JupyterLab, seen from `dist/cli/`. */
const template = fileURLToPath(new URL("../../kernels/kontrast", import.meta.url));
const extension = fileURLToPath(new URL("../../kernels/labextension", import.meta.url));
const main = fileURLToPath(new URL("main.js", import.meta.url));

/** `kontrast install`: registers the kernel with Jupyter. */
export const install: Command = {
  summary: "Register the kernel with Jupyter",
  usage: `
Usage: kontrast install [--user | --prefix DIR | --sys-prefix] [--name NAME]

Writes the kernelspec that makes the kernel appear in Jupyter, and the extension that connects live views to it in
JupyterLab and Notebook 7; a second run replaces both, and \`kontrast uninstall\` removes them.

${placeUsage}
`,
  options: placeOptions,
  async run({ values }) {
    const { name, kernelspec, labextension } = await jupyterPlace("install", values);
    await replaceFolder(kernelspec, template, async (fresh) => {
      const spec = JSON.parse(await readFile(join(template, "kernel.json"), "utf8"));
      // Absolute paths: a notebook server has a PATH of its own.
      spec.argv = [process.execPath, main, "kernel", "--connection-file", "{connection_file}"];
      await writeFile(join(fresh, "kernel.json"), `${JSON.stringify(spec, undefined, 2)}\n`);
    });
    await replaceFolder(labextension, extension);
    process.stdout.write(`The kernel "${name}" is now in ${kernelspec}\n`);
    return 0;
  },
};

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
