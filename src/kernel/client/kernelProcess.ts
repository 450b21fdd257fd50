import { spawn } from "node:child_process";

/** Bytes of the process's own output that are kept to explain its death. */
const tailLength = 8192;

/** A kernel's operating system process, with everything it starts itself. */
export interface KernelProcess {
  readonly pid: number | undefined;
  /** Resolves with the reason, such as `exit code 1` or `signal SIGKILL`, when the process has ended. */
  readonly ended: Promise<string>;
  /** The last 8 kB the process wrote outside the protocol. */
  tail(): string;
  /** Ends the process and all it started, at once. */
  kill(): void;
}

/**
 * Starts a kernel in a process group of its own: Ctrl-C in the terminal must reach us alone, because we pass it on as
 * an interrupt message, and killing the group takes the kernel's own child processes along.
 */
export function spawnKernel(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): KernelProcess {
  const [program = "", ...words] = command;
  const child = spawn(program, words, {
    cwd,
    // Jupyter's name for it: a kernel may watch this process and end when it is gone.
    env: { ...env, JPY_PARENT_PID: String(process.pid) },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text = (text + part).slice(-tailLength);
    });
  }

  const kill = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // ESRCH: nobody is left
    }
  };
  process.once("exit", kill);

  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      const reason = signal ? `signal ${signal}` : `exit code ${code}`;
      // What it said last is still in the pipe; a grandchild may hold the pipe open for longer than we care to wait.
      child.once("close", () => resolve(reason));
      setTimeout(() => resolve(reason), 200).unref();
    });
  });
  void ended.then(() => process.off("exit", kill));
  return { pid: child.pid, ended, tail: () => text, kill };
}

/** The line of a process's last output that says best why it died. */
export function telling(tail: string): string | undefined {
  const lines = tail.split("\n").map((line) => line.trim());
  return lines.find((line) => /^(\w*Error\b|kontrast:)/.test(line)) ?? lines.findLast((line) => line !== "");
}
