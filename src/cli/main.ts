#!/usr/bin/env node
import { parseArgs } from "node:util";
import { packageVersion } from "../check/packageVersion.js";
import { type Command, UsageError } from "./command.js";

/** Each command is loaded when it is asked for, so that `kontrast kernel` starts without a tensor in memory. */
const commands: Record<string, () => Promise<Command>> = {
  run: async () => (await import("./run.js")).run,
  install: async () => (await import("./install.js")).install,
  uninstall: async () => (await import("./uninstall.js")).uninstall,
  kernel: async () => (await import("./kernel.js")).kernel,
  doctor: async () => (await import("./doctor.js")).doctor,
  data: async () => (await import("./data.js")).data,
  setup: async () => (await import("./setup.js")).setup,
  bench: async () => (await import("./bench.js")).bench,
};

async function main(words: string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") return overview();
  if (name === "--version" || name === "-V") return version();
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) throw new UsageError(`unknown command "${name}"; expected one of ${Object.keys(commands).join(", ")}`);
  const command = await load();
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(`${command.usage.trim()}\n`);
    return 0;
  }
  return command.run(parse(name, command, rest));
}

function parse(name: string, command: Command, words: string[]) {
  try {
    const { values, positionals } = parseArgs({ args: words, options: command.options ?? {}, allowPositionals: true });
    const most = command.positionals ?? 0;
    if (positionals.length > most) throw new Error(`unexpected argument "${positionals[most]}"`);
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (cause) {
    throw new UsageError(`${name}: ${(cause as Error).message}; see \`kontrast ${name} --help\``, { cause });
  }
}

async function overview(): Promise<number> {
  const lines = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => `  ${name.padEnd(9)} ${(await load()).summary}`),
  );
  process.stdout.write(
    `kontrast: a Jupyter kernel for TypeScript and a toolkit for contrastive representations\n\n` +
      `Usage: kontrast COMMAND [ARGUMENTS]\n\n${lines.join("\n")}\n\nkontrast COMMAND --help says more.\n`,
  );
  return 0;
}

function version(): number {
  process.stdout.write(`kontrast ${packageVersion}\n`);
  return 0;
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error; // a reader such as `head` has seen enough; the work and its status go on
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { message, stack } = error as Error;
  process.stderr.write(`kontrast: ${process.env["KONTRAST_DEBUG"] ? stack : message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
