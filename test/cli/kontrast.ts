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
  /** Resolves when the stream holds the text; default: standard output. */
  says(text: string, stream?: "stdout" | "stderr"): Promise<void>;
}

/** Starts `kontrast ARGUMENTS` in a folder. */
export function kontrast(cwd: string, ...words: string[]): Kontrast {
  const child = spawn(process.execPath, [mainPath, ...words], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (part: string) => {
      said[name] += part;
    });
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, ...said }));
  });
  const says = (text: string, stream: "stdout" | "stderr" = "stdout") =>
    new Promise<void>((resolve, reject) => {
      const look = () => said[stream].includes(text) && resolve();
      child[stream].on("data", look);
      child.once("close", () => reject(new Error(`it never said ${text}:\n${said.stdout}\n${said.stderr}`)));
      look();
    });
  return { finished, kill: (signal) => child.kill(signal), says };
}
