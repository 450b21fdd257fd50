import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";

/**
 * Runs a command with its output in a file; only a failure shows the end of it.
 *
 * @throws Error `npm ci failed with status 1: <last lines>; the whole output is in <file>`
 */
export async function runLogged(command, words, { logFile, ...options }) {
  const output = openSync(logFile, "w");
  const child = spawn(command, words, { ...options, stdio: ["ignore", output, output] });
  const status = await new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new Error(`cannot run ${command}: ${cause.message}`, { cause })));
    child.once("close", (code, signal) => resolve(signal ?? code));
  });
  if (status === 0) return;
  const tail = readFileSync(logFile, "utf8").trim().split("\n").slice(-15).join("\n");
  throw new Error(
    `${command} ${words.slice(0, 2).join(" ")} failed with status ${status}:\n${tail}\nThe whole output is in ${logFile}`,
  );
}
