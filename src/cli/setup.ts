import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Command } from "./command.js";

const script = fileURLToPath(new URL("../../scripts/setup/main.mjs", import.meta.url));

/** `kontrast setup`: builds the torch engine for this machine. */
export const setup: Command = {
  summary: "Build the torch engine (as root on Debian or Ubuntu also install what it needs)",
  usage: `
Usage: kontrast setup

Builds the native torch engine. As root on Debian or Ubuntu it first installs libtorch-dev, OpenBLAS and a compiler;
otherwise it prints the line that does. LIBTORCH=DIR uses the libtorch in DIR instead.`,
  run: () =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [script, "--for", "engine"], { stdio: "inherit" });
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    }),
};
