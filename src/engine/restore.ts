import { endReducing } from "./precision.js";
import { engine, type Tensor } from "./tensor.js";

/** The part of tfjs's state that says what is under way. */
interface UnderWay {
  activeTape: readonly { readonly saved?: readonly Tensor[] }[] | null;
  gradientDepth: number;
  kernelDepth: number;
  readonly scopeStack: readonly unknown[];
  numDataMovesStack: number[];
}

/**
 * Puts tfjs back into the state that it has between operations, after one was stopped half-way: otherwise it would take
 * everything that follows for a part of that one, and find no gradients. What the stopped code had made is freed.
 */
export function restoreEngine(): void {
  const state = engine().state as unknown as UnderWay;
  state.kernelDepth = 0;
  state.gradientDepth = 0;
  state.numDataMovesStack = [];
  const tape = state.activeTape;
  state.activeTape = null;
  for (const { saved = [] } of tape ?? []) for (const tensor of saved) tensor.dispose();
  while (state.scopeStack.length > 0) engine().endScope();
  endReducing();
}
