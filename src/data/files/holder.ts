import { randomUUID } from "node:crypto";
import { hostname } from "node:os";

/** Names this process on this machine, and one thing that it does: `PID HOST UUID`. */
export function newHolder(): string {
  return `${process.pid} ${hostname()} ${randomUUID()}`;
}

/**
 * Whether the process of a holder is gone from this machine; of other machines nothing is known, so `false`. A machine is
 * known by its name: containers of one name that share a folder but not their processes take each other's for gone.
 */
export function isGone(holder: string): boolean {
  const [pid, host] = holder.split(" ");
  return host === hostname() && !isAlive(Number(pid));
}

/** As a message names it: `process 4711`, of another machine `process 4711 on ada`. */
export function describeHolder(holder: string): string {
  const [pid, host] = holder.split(" ");
  return `process ${pid}${host === hostname() ? "" : ` on ${host}`}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
