import { readFile } from "node:fs/promises";
import { availableParallelism, freemem, hostname, loadavg, totalmem } from "node:os";
import type { Handler } from "./handler.js";

/** Ticks of the clock that Linux counts processor time in, per second. */
const ticks = 100;

let latest: { at: number; seconds: number } | undefined;

/** `usage_request`: what the kernel's two processes take of the machine, as ipykernel says it (not in the specification). */
export const usage: Handler = async (_request, kernel) => {
  const pids = [process.pid, kernel.executor.pid].filter((pid) => pid !== undefined);
  const all = (await Promise.all(pids.map(processUsage))).filter((found) => found !== undefined);
  const seconds = all.reduce((sum, found) => sum + found.seconds, 0);
  const at = performance.now() / 1000;
  const share = latest ? (100 * (seconds - latest.seconds)) / Math.max(at - latest.at, 1e-3) : 0;
  latest = { at, seconds };
  return {
    status: "ok",
    hostname: hostname(),
    pid: process.pid,
    cpu_count: availableParallelism(),
    kernel_cpu: share,
    kernel_memory: all.reduce((sum, found) => sum + found.bytes, 0),
    host_cpu_percent: (100 * (loadavg()[0] ?? 0)) / availableParallelism(),
    host_virtual_memory: { total: totalmem(), available: freemem(), used: totalmem() - freemem() },
  };
};

/** Memory and processor time of a process; elsewhere than on Linux only of our own. */
async function processUsage(pid: number): Promise<{ bytes: number; seconds: number } | undefined> {
  if (process.platform !== "linux") {
    const { user, system } = process.cpuUsage();
    return pid === process.pid ? { bytes: process.memoryUsage.rss(), seconds: (user + system) / 1e6 } : undefined;
  }
  try {
    const [status, stat] = await Promise.all(
      ["status", "stat"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8")),
    );
    const bytes = 1024 * Number(/^VmRSS:\s*(\d+)/m.exec(status as string)?.[1] ?? 0);
    // Behind the name, which may hold spaces and brackets: user and system time are the 12th and 13th field.
    const fields = (stat as string).slice((stat as string).lastIndexOf(")") + 2).split(" ");
    return { bytes, seconds: (Number(fields[11]) + Number(fields[12])) / ticks };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined; // it has just ended
    throw error;
  }
}
