import { stripVTControlCharacters } from "node:util";
import type { KernelError } from "../kernel/client/index.js";

/**
 * The line of the cell at which an error arose, read from the traceback: of the frames in cells the innermost in the
 * failing cell itself, because a function of an earlier cell is where it was thrown, not what to look at first.
 *
 * @param executionCount number of the failing execution; frames are named `cell-3.ts:2:7` after it
 * @returns from 1, or `undefined` if the traceback names no line of a cell
 */
export function failingLine(error: KernelError, executionCount: number | null): number | undefined {
  const text = stripVTControlCharacters(error.traceback.join("\n"));
  const frames = [...text.matchAll(/\bcell[- ]?(?:In)?\[?(\d+)\]?(?:\.ts)?(?::|, line )(\d+)/gi)];
  const own = frames.find(([, cell]) => Number(cell) === executionCount) ?? frames[0];
  return own ? Number(own[2]) : undefined;
}
