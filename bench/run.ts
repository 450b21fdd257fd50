import { kernelCommand, ourCommand, peerCommand, threadCount } from "./commands.js";
import { Lanes } from "./lanes.js";
import { type Machine, machine } from "./machine.js";
import { measure, type Outcome } from "./measure.js";
import { type Result, summarize } from "./result.js";
import type { Group, LaneName, Row, Side, Suite, Unit } from "./suite.js";
import { engineSuite } from "./suites/engine.js";
import { kernelSuite } from "./suites/kernel.js";
import { trainSuite } from "./suites/train.js";
import { viewsSuite } from "./suites/views.js";

const suites: Readonly<Record<string, Suite>> = {
  engine: engineSuite,
  views: viewsSuite,
  train: trainSuite,
  kernel: kernelSuite,
};

/** The suites there are. */
export const suiteNames: readonly string[] = Object.keys(suites);

/** How a run goes. */
export interface RunOptions {
  /** How often each side is measured. */
  readonly rounds: number;
  /** Small sizes, to see whether everything runs; no targets. */
  readonly quick: boolean;
  /** Whether the peer is measured, too. */
  readonly withPeer: boolean;
  /** Only rows whose name holds this text. */
  readonly only: string;
  /** Ends all processes; the run then fails with its reason. */
  readonly signal: AbortSignal;
  /** Told each row's outcome as soon as there is one. */
  readonly onRow: (line: string) => void;
}

/** What a run measured, and on what: the content of `--json FILE`. */
export interface Report {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  /** Small sizes, which say nothing about speed. */
  readonly quick: boolean;
  readonly results: Result[];
  /** What this machine cannot measure. */
  readonly skipped: { readonly name: string; readonly reason: string }[];
  /** What went wrong. */
  readonly failed: { readonly name: string; readonly error: string }[];
}

/**
 * Measures suites beside their peers, in one run.
 *
 * @param names some of {@link suiteNames}
 * @throws Error if the peer is not at hand, or an engine does not start
 */
export async function runSuites(names: readonly string[], options: RunOptions): Promise<Report> {
  const { quick, only, signal, withPeer } = options;
  const threads = threadCount();
  const groups = names
    .flatMap((name) => (suites[name] as Suite)({ quick }))
    .map((group) => withRows(group, only))
    .filter(({ rows }) => rows.length > 0);
  if (groups.length === 0) throw new RangeError(`bench: --only must occur in the name of a row, got "${only}"`);
  const lanes = new Lanes(signal);
  try {
    await addLanes(lanes, lanesOf(groups), threads, withPeer);
    const report: Report = {
      machine: await machine(threads),
      versions: {},
      quick,
      results: [],
      skipped: [],
      failed: [],
    };
    for (const group of groups) await add(report, lanes, group, options);
    return { ...report, versions: lanes.versions };
  } finally {
    await lanes.stop();
  }
}

/** The rows whose name holds a text, and the sides that they need. */
function withRows(group: Group, text: string): Group {
  const rows = group.rows.filter(({ name }) => name.includes(text));
  const needed = new Set(rows.flatMap(({ ours, peer }) => [ours, peer]));
  return {
    ...group,
    rows,
    sides: Object.fromEntries(Object.entries(group.sides).filter(([name]) => needed.has(name))),
  };
}

function lanesOf(groups: readonly Group[]): ReadonlySet<LaneName> {
  return new Set(groups.flatMap(({ sides }) => Object.values(sides).map(({ lane }) => lane)));
}

/** Adds the lanes that are needed. */
async function addLanes(
  lanes: Lanes,
  needed: ReadonlySet<LaneName>,
  threads: number,
  withPeer: boolean,
): Promise<void> {
  if (needed.has("ours") || needed.has("wasm")) await addEngines(lanes, threads, withPeer);
  if (needed.has("kernel")) lanes.add("kernel", await kernelCommand("kernel"));
  for (const name of ["ipykernel", "tslab"] as const) {
    if (needed.has(name) && withPeer) lanes.add(name, await kernelCommand(name));
  }
}

/** Wasm is compared with another engine only; the peer computes on the kind of device that ours is on. */
async function addEngines(lanes: Lanes, threads: number, withPeer: boolean): Promise<void> {
  lanes.add("ours", ourCommand(threads));
  const { about } = await lanes.open("ours");
  if (!("engine wasm" in about.versions)) lanes.add("wasm", ourCommand(threads, "wasm"));
  if (withPeer) lanes.add("peer", await peerCommand(threads, /cuda/i.test(about.device) ? "cuda" : "cpu"));
}

/** A row that goes wrong is told and the others go on, with new processes. */
async function add(report: Report, lanes: Lanes, group: Group, options: RunOptions): Promise<void> {
  const { rounds, quick, signal, onRow } = options;
  try {
    const outcomes = await measure(lanes, group, { rounds, seconds: quick ? 0.01 : 0.4 });
    for (const row of group.rows) {
      const result = await resultOf(lanes, group, quick ? withoutTargets(row) : row, outcomes);
      if ("reason" in result) report.skipped.push({ name: row.name, reason: result.reason });
      else report.results.push(result);
      onRow(`${row.name}: ${"reason" in result ? result.reason : `${result.ours.toPrecision(4)} ${result.unit}`}`);
    }
  } catch (error) {
    signal.throwIfAborted();
    const { message } = error as Error;
    for (const { name } of group.rows) report.failed.push({ name, error: message });
    for (const { name } of group.rows) onRow(`${name}: ${message}`);
    await lanes.stop();
  }
}

async function resultOf(
  lanes: Lanes,
  group: Group,
  row: Row,
  outcomes: Readonly<Record<string, Outcome>>,
): Promise<Result | { reason: string }> {
  const [ours, peer] = [outcomes[row.ours] as Outcome, outcomes[row.peer] as Outcome];
  if ("reason" in ours) return ours;
  const { lane } = group.sides[row.peer] as Side;
  const mine = ours.values.map((value) => inUnit(row, value));
  if ("reason" in peer) return lanes.has(lane) ? peer : summarize(row, { ours: mine });
  const { name, device } = (await lanes.open(lane)).about;
  const note = [device, row.peerNote].filter(Boolean).join(", ");
  const theirs = {
    name: [name, note].filter(Boolean).join(", "),
    values: peer.values.map((value) => inUnit(row, value)),
  };
  return summarize(row, { ours: mine, peer: theirs });
}

/** Seconds of a call, or bytes, in the unit of the row. */
function inUnit({ unit, images = Number.NaN }: Row, value: number): number {
  const units: Record<Unit, number> = { ms: value * 1e3, µs: value * 1e6, "images/s": images / value, MB: value / 1e6 };
  return units[unit];
}

function withoutTargets({ target: _, most: __, ...row }: Row): Row {
  return row;
}
