import { connectionFileRisk, readConnectionFile, serveKernel } from "../kernel/index.js";
import { type Command, UsageError } from "./command.js";

/** How often an orphan notices that the server which started it is gone, ms. */
const orphanCheck = 1000;

/** `kontrast kernel`: what Jupyter starts. */
export const kernel: Command = {
  summary: "Run the Jupyter kernel (Jupyter starts it by itself)",
  usage: `
Usage: kontrast kernel --connection-file FILE

Runs the kernel until it is told to shut down.

  --connection-file FILE  where to listen and the key, as written by Jupyter
`,
  options: { "connection-file": { type: "string" } },
  async run({ values }) {
    const path = values["connection-file"];
    if (typeof path !== "string")
      throw new UsageError("kernel: --connection-file is missing; see `kontrast kernel --help`");
    const warn = (text: string) => void process.stderr.write(`kontrast: ${text}\n`);
    const connection = await readConnectionFile(path);
    const risk = await connectionFileRisk(path);
    if (risk) warn(risk);
    const controller = new AbortController();
    const stop = () => controller.abort();
    // Jupyter interrupts by message; Ctrl-C in the terminal of the server goes to the whole process group.
    process.on("SIGINT", () => undefined);
    process.on("SIGTERM", stop);
    const watch = watchParent(stop);
    await serveKernel(connection, { signal: controller.signal, warn });
    clearInterval(watch);
    // Ends a type checker that is still warming up, too.
    process.exit(0);
  },
};

/** Jupyter servers name themselves in JPY_PARENT_PID; a kernel whose server has crashed would run for ever. */
function watchParent(stop: () => void): NodeJS.Timeout | undefined {
  const parent = process.ppid;
  if (process.env["JPY_PARENT_PID"] === undefined || parent === 1) return undefined;
  return setInterval(() => process.ppid !== parent && stop(), orphanCheck).unref();
}
