import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";

/**
 * Runs a command with its output in a file; only a failure shows how it began and ended.
 *
 * @throws Error `npm ci failed with status 1: <first and last lines>; the whole output is in <file>`
 */
export async function runLogged(command, words, { logFile, ...options }) {
  const output = openSync(logFile, "w");
  const child = spawn(command, words, { ...options, stdio: ["ignore", output, output] });
  const status = await new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new Error(`cannot run ${command}: ${cause.message}`, { cause })));
    child.once("close", (code, signal) => resolve(signal ?? code));
  });
  if (status === 0) return;
  const lines = readFileSync(logFile, "utf8").trim().split("\n");
  const said = lines.filter((line) => !/^npm (warn|notice)/.test(line));
  const shown = said.length > 16 ? [...said.slice(0, 6), "…", ...said.slice(-9)] : said;
  throw new Error(
    `${command} ${words.slice(0, 2).join(" ")} failed with status ${status}:\n${shown.join("\n")}\nThe whole output is in ${logFile}`,
  );
}
