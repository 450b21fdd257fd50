import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "./command.js";
import { jupyterPlace, placeOptions, placeUsage } from "./jupyterPlace.js";

/** `kontrast uninstall`: takes back what `kontrast install` has written. */
export const uninstall: Command = {
  summary: "Remove the kernel from Jupyter",
  usage: `
Usage: kontrast uninstall [--user | --prefix DIR | --sys-prefix] [--name NAME]

Removes what \`kontrast install\` with the same options has written: the kernelspec, and with the last one the extension
of JupyterLab. Packages, data and histories stay.

${placeUsage}
`,
  options: placeOptions,
  async run({ values }) {
    const { name, kernels, kernelspec, labextension } = await jupyterPlace("uninstall", values);
    if (!(await isOurs(kernelspec))) {
      throw new Error(
        `uninstall: must be a kernel of Kontrast, got ${kernelspec}; say where it is with --prefix, --sys-prefix or --name`,
      );
    }
    await rm(kernelspec, { recursive: true });
    const others = await Promise.all((await readdir(kernels)).map((other) => isOurs(join(kernels, other))));
    if (!others.includes(true)) await rm(labextension, { recursive: true, force: true });
    process.stdout.write(`The kernel "${name}" is no longer in ${kernelspec}\n`);
    return 0;
  },
};

/** Whether a folder holds a kernelspec that `kontrast install` has written, of whichever copy of this package. */
async function isOurs(kernelspec: string): Promise<boolean> {
  const text = await readFile(join(kernelspec, "kernel.json"), "utf8").catch(() => "{}");
  try {
    const { argv } = JSON.parse(text) as { readonly argv?: unknown };
    return Array.isArray(argv) && /[\\/]cli[\\/]main\.js$/.test(argv[1]) && argv[2] === "kernel";
  } catch {
    return false; // not JSON: somebody else's
  }
}
