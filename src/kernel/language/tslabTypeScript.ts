import type { TypeScript, ts } from "./typescript.js";

/** Completion as TypeScript has it inside, without a language service. */
type GetCompletions = (
  host: object,
  program: ts.Program,
  log: (message: string) => void,
  ...rest: unknown[]
) => ts.CompletionInfo | undefined;

/** What of TypeScript's inside tslab's converter uses. */
interface Internals {
  readonly nullTransformationContext: ts.TransformationContext;
  readonly Completions: { readonly getCompletionsAtPosition: GetCompletions };
}

/**
 * TypeScript with the functions that only tslab's fork has, for tslab's converter to work with. `overrides` replace
 * functions that the converter calls.
 */
export function tslabTypeScript(typescript: TypeScript, overrides: object): TypeScript {
  const { nullTransformationContext, Completions } = typescript as TypeScript & Internals;
  return {
    ...typescript,
    getNullTransformationContext: () => nullTransformationContext,
    // The converter's own answer is overridden by `typeRoots`.
    getDefaultTypeRoots: () => [],
    Completions: {
      ...Completions,
      getCompletionsAtPositionForTslab: Completions.getCompletionsAtPosition,
    },
    ...overrides,
  } as unknown as TypeScript;
}
