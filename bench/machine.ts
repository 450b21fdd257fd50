import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";

/** The machine that a table belongs to. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** That both sides compute with. */
  readonly threads: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
}

/** Looks at the machine. */
export async function machine(threads: number): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() || "unknown",
    cores: availableParallelism(),
    threads,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: await operatingSystem(),
    node: process.version,
  };
}

async function operatingSystem(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1];
  const kernel = `${type()} ${release()}`;
  return name ? `${name}, ${kernel}` : kernel;
}

/** Whether the processor multiplies bfloat16, as far as the system tells. */
export function multipliesBfloat16(): boolean {
  const file = "/proc/cpuinfo";
  return existsSync(file) && /\b(avx512_bf16|amx_bf16|bf16)\b/.test(readFileSync(file, "utf8"));
}
