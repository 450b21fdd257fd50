import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built command line; `npm run build` makes it. */
const mainPath = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `kontrast` command that runs in a process of its own. */
export interface Kontrast {
  readonly finished: Promise<Finished>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when standard output holds the text. */
  says(text: string): Promise<void>;
}

/** Starts `kontrast ARGUMENTS` in a folder. */
export function kontrast(cwd: string, ...words: string[]): Kontrast {
  const child = spawn(process.execPath, [mainPath, ...words], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    stdout += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    stderr += part;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, stderr }));
  });
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => stdout.includes(text) && resolve();
      child.stdout.on("data", look);
      child.once("close", () => reject(new Error(`it never said ${text}:\n${stdout}\n${stderr}`)));
      look();
    });
  return { finished, kill: (signal) => child.kill(signal), says };
}
