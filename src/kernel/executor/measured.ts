import type { Around } from "./modules.js";

/** Compiles the code; what the result is given, the code around it finds as `arguments[7…]`. */
type Compile = (around?: Around) => (...given: unknown[]) => Promise<unknown>;

/** How often `%timeit` measures, and how long one measurement takes at least, ms: as IPython does. */
const repeats = 7;
const leastTime = 200;

/** Runs code for `%time` or `%timeit`, and says how long it took. */
export async function measured(kind: "time" | "timeit", compile: Compile): Promise<string> {
  return kind === "time" ? timed(compile()) : timedOften(compile(loop));
}

/** One function for all turns: the compiler may make it faster while it runs, as it would a loop of the user's. */
const loop: Around = {
  before: "const count = arguments[7]; const start = performance.now(); for (let turn = 0; turn < count; turn++) {",
  after: "} return performance.now() - start;",
};

async function timed(run: () => Promise<unknown>): Promise<string> {
  const start = performance.now();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  const [inCode, inSystem] = [user / 1000, system / 1000];
  const cpu = `${duration(inCode + inSystem)} (user ${duration(inCode)}, system ${duration(inSystem)})`;
  return `CPU time: ${cpu}\nWall time: ${duration(performance.now() - start)}\n`;
}

async function timedOften(run: (count: number) => Promise<unknown>): Promise<string> {
  const milliseconds = async (count: number) => (await run(count)) as number;
  let count = 1;
  for (let time = await milliseconds(count); time < leastTime; time = await milliseconds(count)) {
    count = nextCount(count, time);
  }
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) times.push((await milliseconds(count)) / count);
  const mean = times.reduce((sum, time) => sum + time, 0) / repeats;
  const deviation = Math.sqrt(times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / repeats);
  const loops = `${count.toLocaleString("en")} loop${count === 1 ? "" : "s"}`;
  return `${duration(mean)} ± ${duration(deviation)} per loop (mean ± std. dev. of ${repeats} runs, ${loops} each)\n`;
}

/** 1, 2, 5, 10, …: the first that may take long enough, judged by what `count` took. */
function nextCount(count: number, time: number): number {
  const wanted = time > 0 ? Math.min(count * 100, Math.ceil((count * leastTime) / time)) : count * 100;
  let next = 1;
  for (let factors = [2, 2.5, 2], turn = 0; next <= count || next < wanted; turn++) next *= factors[turn % 3] as number;
  return Math.round(next);
}

/** Milliseconds with three digits, in the unit that suits them. */
function duration(milliseconds: number): string {
  const units = [
    ["min", 60_000],
    ["s", 1000],
    ["ms", 1],
    ["µs", 1e-3],
  ] as const;
  const [unit, size] = units.find(([, least]) => milliseconds >= least) ?? (["ns", 1e-6] as const);
  return `${Number((milliseconds / size).toPrecision(3))} ${unit}`;
}
