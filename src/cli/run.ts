import { mkdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { replaceFile, requireOneOf, requirePositive } from "../check/index.js";
import { engineNames } from "../engine/report.js";
import { type KernelClient, startKernel } from "../kernel/client/index.js";
import {
  type CellFailure,
  formatSeconds,
  type Notebook,
  notebookToHtml,
  type RunOutcome,
  readNotebook,
  runNotebook,
  writeNotebook,
} from "../notebook/index.js";
import { type Command, type CommandArguments, UsageError } from "./command.js";
import { runReport } from "./runReport.js";
import { exitStatus, withSignals } from "./signals.js";

/** `kontrast run`: executes a notebook in our kernel and writes it with its outputs, and as a page. */
export const run: Command = {
  summary: "run a notebook and write it with its outputs, also as an HTML page",
  usage: `
Usage: kontrast run NOTEBOOK [--output F.ipynb] [--html F.html] [--engine NAME] [--timeout SECONDS] [--inplace]

Runs the notebook's code cells in order, in the notebook's folder, and shows their progress and results.
The first Ctrl-C interrupts the running cell and writes what ran; the second kills the kernel.

  --output F.ipynb    where the executed notebook goes (default: out/NAME.ipynb)
  --html F.html       where the page goes that opens without network (default: beside the output)
  --engine NAME       what computes: ${["auto", ...engineNames].join(", ")} (default: KONTRAST_ENGINE, else auto)
  --timeout SECONDS   longest time for one cell (default: none)
  --inplace           write the outputs into the notebook itself

Exit status: 0 if all cells ran, 1 if one failed, 130 after Ctrl-C.`,
  options: {
    output: { type: "string" },
    html: { type: "string" },
    engine: { type: "string" },
    timeout: { type: "string" },
    inplace: { type: "boolean" },
  },
  positionals: 1,
  async run(given) {
    const plan = readPlan(given);
    const notebook = await readNotebook(plan.input);
    requireOurLanguage(notebook, plan.input);
    const stop = new AbortController();
    let kernel: KernelClient | undefined;
    // The first signal stops the run in good order, and the next one kills the kernel.
    const onSignal = (name: NodeJS.Signals) => {
      if (stop.signal.aborted) {
        void kernel?.kill();
        return;
      }
      stop.abort(name);
      if (kernel) process.stderr.write("\nInterrupting the cell; Ctrl-C again kills the kernel.\n");
    };
    const result = await withSignals(onSignal, async () => {
      // Before the work, not after it, is the time to learn that a folder cannot be made.
      for (const path of [plan.output, plan.html]) await mkdir(dirname(path), { recursive: true });
      return execute(notebook, plan, stop.signal, (started) => {
        kernel = started;
      });
    });
    if (result === undefined) return exitStatus(stop.signal.reason);
    await write(notebook, plan, result);
    if (result.status === "failed") throw new Error(`run: ${describeFailure(result.failure)}`);
    return result.status === "interrupted" ? exitStatus(stop.signal.reason) : 0;
  },
};

interface Plan {
  readonly input: string;
  readonly output: string;
  readonly html: string;
  readonly engine: string | undefined;
  readonly timeout: number | undefined;
}

function readPlan({ values, positionals }: CommandArguments): Plan {
  const [input] = positionals;
  if (input === undefined) throw new UsageError("run: a NOTEBOOK must be given; see `kontrast run --help`");
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const inplace = values["inplace"] === true;
  if (inplace && text("output")) throw new UsageError("run: --inplace and --output exclude each other");
  const output = text("output") ?? (inplace ? input : join("out", `${basename(input, extname(input))}.ipynb`));
  if (!inplace && resolve(output) === resolve(input)) {
    throw new UsageError(`run: --output must not be the notebook itself, got ${output}; --inplace allows it`);
  }
  const html = text("html") ?? join(dirname(output), `${basename(output, extname(output))}.html`);
  if ([input, output].some((path) => resolve(path) === resolve(html))) {
    throw new UsageError(`run: --html must not be a notebook's file, got ${html}`);
  }
  const timeout = text("timeout") === undefined ? undefined : Number(text("timeout"));
  if (timeout !== undefined) requirePositive("run", "--timeout", timeout);
  const engine = text("engine");
  if (engine !== undefined) requireOneOf("run", "--engine", engine, ["auto", ...engineNames]);
  return { input, output, html, engine, timeout };
}

function requireOurLanguage({ metadata }: Notebook, path: string): void {
  const language = metadata.kernelspec?.language ?? metadata.language_info?.["name"] ?? "typescript";
  if (["typescript", "javascript"].includes(String(language).toLowerCase())) return;
  throw new Error(`run: ${path} must be in TypeScript, got ${language} (kernel ${metadata.kernelspec?.name})`);
}

/** The kernel works in the notebook's folder, so a relative data folder is made absolute first. */
function kernelEnvironment(engine: string | undefined): NodeJS.ProcessEnv {
  const data = process.env["KONTRAST_DATA_DIR"];
  return {
    ...process.env,
    ...(engine !== undefined && { KONTRAST_ENGINE: engine }),
    ...(data && { KONTRAST_DATA_DIR: resolve(data) }),
  };
}

/** Runs the notebook; `undefined` if it was stopped before the kernel was up, when nothing has run. */
async function execute(
  notebook: Notebook,
  { input, engine, timeout }: Plan,
  signal: AbortSignal,
  onKernel: (kernel: KernelClient) => void,
): Promise<RunOutcome | undefined> {
  const env = kernelEnvironment(engine);
  let kernel: KernelClient;
  try {
    kernel = await startKernel({ cwd: dirname(resolve(input)), env, signal });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
  onKernel(kernel);
  try {
    notebook.metadata.kernelspec ??= {
      name: "kontrast",
      display_name: "TypeScript (Kontrast)",
      language: "typescript",
    };
    const report = runReport(process.stdout);
    return await runNotebook(notebook, kernel, {
      signal,
      ...(timeout === undefined ? {} : { timeout }),
      onStart: report.start,
      onOutput: report.output,
      onEnd: report.end,
    });
  } finally {
    await kernel.shutdown();
  }
}

async function write(notebook: Notebook, { output, html }: Plan, outcome: RunOutcome): Promise<void> {
  await writeNotebook(output, notebook);
  await replaceFile(html, notebookToHtml(notebook));
  const cells = `${outcome.cells} ${outcome.cells === 1 ? "cell" : "cells"}`;
  const verb = outcome.status === "ok" ? "Ran" : outcome.status === "failed" ? "Failed after" : "Interrupted after";
  const lines = [`\n${verb} ${cells} in ${formatSeconds(outcome.seconds)}.`];
  for (const path of [output, html]) lines.push(`  ${path}  ${formatSize((await stat(path)).size)}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

function describeFailure({ number, line, error }: CellFailure): string {
  const [message = ""] = error.message.split("\n");
  return `cell ${number}${line === undefined ? "" : `, line ${line}`}: ${error.name}${message ? `: ${message}` : ""}`;
}

function formatSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
