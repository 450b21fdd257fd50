import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { engine } from "kontrast";
import { type Case, type Prepared, Unsupported } from "./case.js";
import { data } from "./cases/data.js";
import { operations } from "./cases/operations.js";
import { training } from "./cases/training.js";
import { views } from "./cases/views.js";

/**
 * Our side of `kontrast bench`: one JSON object per line on standard input, one reply per line on descriptor 3, as
 * peers/worker.py describes them.
 */
interface Request {
  readonly do: "about" | "prepare" | "measure" | "release" | "peak";
  readonly as: string;
  readonly case: string;
  readonly params: object;
  /** How long one measurement takes at least. */
  readonly seconds: number;
  readonly calls: number;
}

const { version: kontrast } = createRequire(import.meta.url)("kontrast/package.json") as { version: string };
const cases = { ...operations, ...training, ...views, ...data } as unknown as Readonly<Record<string, Case<object>>>;
const prepared = new Map<string, { work: Prepared; calls: number }>();

const actions: Readonly<Record<Request["do"], (request: Request) => Promise<object>>> = {
  about: async () => {
    const { name, version = "", device = "unknown", details = {} } = engine.current();
    const versions = { kontrast, [`engine ${name}`]: version };
    for (const [key, value] of Object.entries(details)) versions[`engine ${name}, ${key}`] = value;
    return { name: `engine ${name} (${version})`, device, versions };
  },
  prepare: async (request) => {
    const work = await make(request);
    const calls = await callsFor(work, request.seconds);
    prepared.set(request.as, { work, calls });
    return { check: work.check, calls };
  },
  measure: async ({ as }) => {
    const { work, calls } = ready(as);
    if (calls === 1) await work.run(1); // since its last turn, others have had the caches and the memory
    return { seconds: (await work.run(calls)) / calls };
  },
  release: async ({ as }) => {
    await ready(as).work.release();
    prepared.delete(as);
    return {};
  },
  peak: async (request) => {
    const work = await make(request);
    await work.run(request.calls);
    return { bytes: await peakBytes() };
  },
};

async function make({ case: name, params }: Request): Promise<Prepared> {
  const found = cases[name];
  if (!found) throw new Error(`no case ${name}`);
  return found(params);
}

function ready(name: string): { work: Prepared; calls: number } {
  const found = prepared.get(name);
  if (!found) throw new Error(`${name} is not prepared`);
  return found;
}

/** Warms up and counts the calls that fill the time; a call that takes longer is warm after the first. */
async function callsFor(work: Prepared, seconds: number): Promise<number> {
  if ((await work.run(1)) >= seconds) return 1;
  const about = Math.max(1, Math.round((2 * seconds) / Math.max(await work.run(2), 2e-7)));
  return Math.max(1, Math.round((seconds * about) / Math.max(await work.run(about), 1e-7)));
}

/** The most memory that this process has held, as Linux counts it; on another device, what was held there. */
async function peakBytes(): Promise<number> {
  const device = engine.current().device ?? "cpu";
  if (device !== "cpu") throw new Unsupported(`nothing here tells the peak memory on ${device}`);
  const [, kilobytes] = /VmHWM:\s*(\d+) kB/.exec(await readFile("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

async function answer(line: string): Promise<object> {
  try {
    const request = JSON.parse(line) as Request;
    return await actions[request.do](request);
  } catch (error) {
    const { name, message } = error as Error;
    return error instanceof Unsupported ? { unsupported: message } : { error: `${name}: ${message}` };
  }
}

await engine.use();
const replies = createWriteStream("", { fd: 3 });
for await (const line of createInterface({ input: process.stdin })) {
  replies.write(`${JSON.stringify(await answer(line))}\n`);
}
