import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { replaceFile } from "../check/index.js";
import { type Command, type CommandArguments, UsageError } from "./command.js";
import { untilSignal } from "./signals.js";

/** What `bench/`, which is compiled beside this and takes the toolkit by its public name, offers. */
interface Benchmarks {
  readonly suiteNames: readonly string[];
  runSuites(
    names: readonly string[],
    options: {
      rounds: number;
      quick: boolean;
      withPeer: boolean;
      only: string;
      signal: AbortSignal;
      onRow: (line: string) => void;
    },
  ): Promise<Report>;
  table(report: Report): string;
}

interface Report {
  readonly failed: readonly object[];
}

/** `kontrast bench`: speed and memory beside PyTorch. */
export const bench: Command = {
  summary: "Measure speed and memory beside PyTorch, ipykernel and tslab",
  usage: `
Usage: kontrast bench [SUITE…] [--json FILE] [--rounds N] [--only TEXT] [--quick] [--no-peer]

Measures Kontrast and its peers (PyTorch; for the kernel ipykernel and tslab) in turns, in one run, with the same threads, and prints a table of medians with the
least and the greatest value; a ratio above 1 means that Kontrast is better. Suites (default: all):

  engine  single operations: NT-Xent, matmul, convolution, batch norm, optimizer update, …
  views   views, training with them, and reading images from shards, beside torchvision in two workers
  train   whole training steps and their memory
  kernel  the Jupyter kernel, beside ipykernel and tslab: start, cells, output, completion, interrupt, memory

  --json FILE  also write the table as JSON
  --rounds N   how often each side is measured (default: 5)
  --only TEXT  only rows whose name holds TEXT
  --quick      small sizes, to see whether everything runs; such numbers say nothing about speed
  --no-peer    without the peers

KONTRAST_THREADS sets the threads of both sides (default: all cores), KONTRAST_ENGINE our engine, KONTRAST_PYTHON the
interpreter that has PyTorch or ipykernel (default: /usr/bin/python3, where apt-get install python3-torch python3-ipykernel
puts them). Let nothing
else run meanwhile. Exit status: 0 if every row was measured, also where a target was missed; 1 if one failed.`,
  options: {
    json: { type: "string" },
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    quick: { type: "boolean" },
    "no-peer": { type: "boolean" },
  },
  positionals: 8,
  async run({ values, positionals }) {
    const benchmarks = await load();
    const names = suitesOf(positionals, benchmarks.suiteNames);
    const rounds = roundsOf(values);
    const json = typeof values["json"] === "string" ? values["json"] : undefined;
    if (json !== undefined) await mkdir(dirname(json), { recursive: true }); // before the work, not after it
    // A signal ends the processes of the benchmark, and then there is no result.
    const ended = await untilSignal((signal) =>
      benchmarks.runSuites(names, {
        rounds,
        quick: values["quick"] === true,
        withPeer: values["no-peer"] !== true,
        only: String(values["only"]),
        signal,
        onRow: (line) => process.stderr.write(`${line}\n`),
      }),
    );
    if ("status" in ended) return ended.status;
    const { result: report } = ended;
    process.stdout.write(`\n${benchmarks.table(report)}\n`);
    if (json !== undefined) await replaceFile(json, `${JSON.stringify(report, undefined, 2)}\n`);
    return report.failed.length === 0 ? 0 : 1;
  },
};

async function load(): Promise<Benchmarks> {
  return (await import(new URL("../bench/index.js", import.meta.url).href)) as Benchmarks;
}

function suitesOf(given: readonly string[], known: readonly string[]): readonly string[] {
  for (const name of given) {
    if (known.includes(name)) continue;
    throw new UsageError(`bench: unknown suite "${name}"; expected one of ${known.join(", ")}`);
  }
  return given.length === 0 ? known : [...new Set(given)];
}

function roundsOf({ rounds }: CommandArguments["values"]): number {
  const count = Number(rounds);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new UsageError(`bench: --rounds must be an integer >= 1, got ${rounds}`);
}
