#!/usr/bin/env node
/**
 * Sets up what a purpose needs, and nothing twice: npm packages, Debian packages (as root), the native engine, the
 * compiled TypeScript. Plain Node, because it runs before anything is installed.
 *
 *   node scripts/setup/main.mjs --for engine|quickstart|test
 */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureDebianPackages } from "./debian.mjs";
import { runLogged } from "./runLogged.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const isCheckout = existsSync(join(root, "tsconfig.build.json"));
const state = join(root, ".setup");
const purposes = ["engine", "quickstart", "test"];
const log = (line) => process.stderr.write(`setup: ${line}\n`);

async function main() {
  const { values } = parseArgs({ options: { for: { type: "string", default: "engine" } } });
  const purpose = values.for;
  if (!purposes.includes(purpose)) throw new Error(`--for must be one of ${purposes.join(", ")}, got "${purpose}"`);
  requireNode();
  mkdirSync(state, { recursive: true });
  if (isCheckout) await installPackages();
  const debian = await ensureDebianPackages({ purpose, log, logFile: join(state, "apt.log") });
  await buildEngine(debian);
  if (isCheckout) await compile();
  if (purpose === "test" && !debian.complete) throw new Error(`the tests need Debian packages; run: ${debian.remedy}`);
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Node.js must be 20.19 or newer, got ${process.versions.node}; see https://nodejs.org`);
}

/** Installs what the lock file names, unless this lock file was installed by this Node before. */
async function installPackages() {
  const stamp = join(state, "npm");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .update(process.versions.modules)
    .digest("hex");
  const installed = existsSync(join(root, "node_modules")) && existsSync(stamp) && readFileSync(stamp, "utf8");
  if (installed === wanted) return;
  log("installing the npm packages");
  // Not `npm ci`, which refuses a lock file that lacks the binaries of a platform which a registry does not carry.
  const words = ["install", "--no-save", "--no-audit", "--no-fund"];
  await runLogged("npm", words, { cwd: root, logFile: join(state, "npm.log") });
  writeFileSync(stamp, wanted);
}

/** Builds the torch engine where libtorch is there; without it the wasm engine is used, and doctor says why. */
async function buildEngine({ engineComplete, remedy }) {
  if (!engineComplete) {
    log(`going on with the wasm engine; for the faster torch engine run: ${remedy}`);
    return;
  }
  const { buildNative } = await import("./native.mjs");
  await buildNative({ root, log });
}

async function compile() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  for (const project of ["tsconfig.build.json", "tsconfig.bench.json"]) {
    await runLogged(process.execPath, [tsc, "-p", project], { cwd: root, logFile: join(state, "tsc.log") });
  }
  // npm makes it so for packages that it installs; `npx kontrast` in a checkout starts it as it is.
  chmodSync(join(root, "dist", "cli", "main.js"), 0o755);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`setup: ${error.message}\n`);
  process.exitCode = 1;
}
