import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type Magic, type MagicContext, MagicError } from "./magic.js";

/** A name in npm's registry with an optional version, or a local folder or archive. */
const packageWord = /^(@?[\w.-]+(\/[\w.-]+)?(@[\w.^~<>=*-]+)?|\.{0,2}\/[^\s]+|file:[^\s]+)$/;
const optionWord = /^--?[\w-]+(=[^\s]+)?$/;

/** `%install`: npm, in the notebook's folder. */
export const install: Magic = {
  usage: "%install PACKAGE… [npm OPTIONS]",
  summary: "Installs npm packages into the notebook's folder.",
  changesWhatFollows: true,
  async run({ argument }, context) {
    const words = argument.split(/\s+/).filter((word) => word !== "");
    const packages = words.filter((word) => packageWord.test(word));
    const odd = words.find((word) => !packageWord.test(word) && !optionWord.test(word));
    if (odd !== undefined) throw new MagicError(`%install: must be a package such as d3@7, got ${odd}`);
    if (packages.length === 0) throw new MagicError("%install: name a package, such as: %install d3");
    await npm(["install", "--no-audit", "--no-fund", "--prefix", context.folder, ...words], context);
    const untyped = packages.filter((word) => !hasTypes(context.folder, word));
    for (const word of untyped) await context.print(hintFor(nameOf(word)), "stderr");
    return undefined;
  },
};

/** How long npm may take to end after it was interrupted, ms. */
const patience = 2000;

async function npm(words: readonly string[], { folder, print, signal }: MagicContext): Promise<void> {
  const child = spawn("npm", words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    killGroup(child, "SIGTERM");
    timer = setTimeout(() => killGroup(child, "SIGKILL"), patience);
  };
  signal.addEventListener("abort", stop, { once: true });
  const failed = once(child, "error").then(([error]) => error as Error);
  const closed = once(child, "close").catch(() => []); // "error" tells why
  const showing = (["stdout", "stderr"] as const).map(async (name) => {
    for await (const text of (child[name] as Readable).setEncoding("utf8")) await print(text as string, name);
  });
  const ended = await Promise.race([failed, closed]);
  signal.removeEventListener("abort", stop);
  clearTimeout(timer);
  if (ended instanceof Error) {
    throw new MagicError(
      `%install: npm cannot be started (${ended.message}); it comes with Node.js, see https://nodejs.org`,
    );
  }
  await Promise.all(showing);
  if (signal.aborted) throw new MagicError("%install: was interrupted; run it again to finish it");
  const [code] = ended as [number | null];
  if (code !== 0) throw new MagicError(`%install: npm ended with code ${code}; its reasons are above`);
}

/** npm starts processes of its own, which are to end with it. */
function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function nameOf(word: string): string {
  return word.replace(/(?<=.)@.*$/, "");
}

/** Whether TypeScript will find types, of the package itself or of DefinitelyTyped. Local folders are not looked at. */
function hasTypes(folder: string, word: string): boolean {
  const name = nameOf(word);
  const own = join(folder, "node_modules", name);
  const path = join(own, "package.json");
  if (!existsSync(path)) return true;
  const text = readFileSync(path, "utf8");
  return (
    /"(types|typings)"\s*:/.test(text) || existsSync(join(own, "index.d.ts")) || existsSync(typesFolder(folder, name))
  );
}

function typesFolder(folder: string, name: string): string {
  return join(folder, "node_modules", "@types", typesName(name));
}

function typesName(name: string): string {
  return name.replace(/^@/, "").replace("/", "__");
}

function hintFor(name: string): string {
  return `${name} has no types of its own. Try: %install @types/${typesName(name)}\n`;
}
