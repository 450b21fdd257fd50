import { setTimeout } from "node:timers/promises";
import { Unsupported } from "./lane.js";
import type { Lanes } from "./lanes.js";
import { multipliesBfloat16 } from "./machine.js";
import type { Group, Side } from "./suite.js";

/** What one side of a group measured, a value per round, or why there is nothing. */
export type Outcome = { readonly values: readonly number[] } | { readonly reason: string };

/** Threads that spin while they wait for work stop within this time, ms; the other side then has the machine to itself. */
const settling = 30;

/** Calls of a training step after which its memory does not grow any more. */
const stepsToPeak = 4;

/** Peaks of memory hardly differ between rounds. */
const mostPeaks = 3;

/** How the sides of a group take turns. */
export interface Turns {
  readonly rounds: number;
  /** How long one turn of one side takes at least, so that the clock and short interruptions do not matter. */
  readonly seconds: number;
}

/**
 * Measures all sides of a group in turns, in the opposite order in every other round.
 *
 * @returns for each side the seconds of a call, or bytes, or why there are none
 * @throws Error if a side fails, or sides say by their check numbers that they do different work
 */
export async function measure(lanes: Lanes, group: Group, turns: Turns): Promise<Record<string, Outcome>> {
  const sides = Object.entries(group.sides);
  const outcomes: Record<string, Outcome> = {};
  for (const [name, { lane }] of sides) {
    if (!lanes.has(lane)) outcomes[name] = { reason: `${lane} is not part of this run` };
  }
  const present = sides.filter(([name]) => !outcomes[name]);
  const measured = group.measures === "time" ? await times(lanes, present, turns) : await peaks(lanes, present, turns);
  return { ...outcomes, ...measured };
}

type NamedSide = readonly [name: string, side: Side];

async function times(
  lanes: Lanes,
  sides: readonly NamedSide[],
  { rounds, seconds }: Turns,
): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  const ready: { name: string; side: Side; values: number[]; check: number }[] = [];
  for (const [name, side] of sides) {
    const { lane, about } = await lanes.open(side.lane);
    const { case: of, params } = side;
    if (side.inBfloat16 && about.device === "cpu" && !multipliesBfloat16()) {
      outcomes[name] = { reason: "this processor does not multiply bfloat16" };
      continue;
    }
    const request = { do: "prepare", as: name, case: of, params, seconds };
    const prepared = await orReason(lane.ask<{ check: number }>(request));
    if ("reason" in prepared) outcomes[name] = prepared;
    else ready.push({ name, side, values: [], check: prepared.check });
  }
  requireSameWork(ready);
  for (let round = 0; round < rounds; round++) {
    for (const { name, side, values } of round % 2 === 0 ? ready : ready.toReversed()) {
      if (outcomes[name]) continue;
      const { lane } = await lanes.open(side.lane);
      await setTimeout(settling);
      const measured = await orReason(lane.ask<{ seconds: number }>({ do: "measure", as: name }));
      if ("reason" in measured) outcomes[name] = measured;
      else values.push(measured.seconds);
    }
  }
  for (const { name, side, values } of ready) {
    await (await lanes.open(side.lane)).lane.ask({ do: "release", as: name });
    outcomes[name] ??= { values };
  }
  return outcomes;
}

/** Each side says a number that follows from its work alone: a checksum of results, or a count of parameters. */
function requireSameWork(ready: readonly { readonly name: string; readonly check: number }[]): void {
  const [first] = ready;
  for (const { name, check } of ready) {
    if (!first || Math.abs(check - first.check) <= 1e-3 * Math.abs(first.check)) continue;
    throw new Error(`bench: ${first.name} and ${name} must do the same work, got ${first.check} and ${check}`);
  }
}

async function peaks(lanes: Lanes, sides: readonly NamedSide[], { rounds }: Turns): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  for (const [name, { lane: laneName, case: of, params }] of sides) {
    const values: number[] = [];
    for (let round = 0; round < Math.min(rounds, mostPeaks); round++) {
      const lane = lanes.fresh(laneName);
      const peak = lane.ask<{ bytes: number }>({ do: "peak", case: of, params, calls: stepsToPeak });
      const measured = await orReason(peak);
      await lanes.close(lane);
      if ("reason" in measured) outcomes[name] = measured;
      else values.push(measured.bytes);
    }
    outcomes[name] ??= { values };
  }
  return outcomes;
}

async function orReason<Reply extends object>(reply: Promise<Reply>): Promise<Reply | { reason: string }> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof Unsupported) return { reason: error.message };
    throw error;
  }
}
