import { completionHost } from "./completionHost.js";
import type { TypeScript, ts } from "./typescript.js";

/** Completion as TypeScript has it inside, without a language service. */
type GetCompletions = (host: object, program: ts.Program, ...rest: Rest) => ts.CompletionInfo | undefined;
type Rest = unknown[];

/** What of TypeScript's inside tslab's converter uses. */
interface Internals {
  readonly nullTransformationContext: ts.TransformationContext;
  readonly Completions: { readonly getCompletionsAtPosition: GetCompletions };
}

/**
 * TypeScript with the functions that only tslab's fork has, for tslab's converter to work with. `overrides` replace
 * functions that the converter calls.
 *
 * @param folder the notebook's
 */
export function tslabTypeScript(typescript: TypeScript, folder: string, overrides: object): TypeScript {
  const { nullTransformationContext, Completions } = typescript as TypeScript & Internals;
  return {
    ...typescript,
    getNullTransformationContext: () => nullTransformationContext,
    // The converter's own answer is overridden by `typeRoots`.
    getDefaultTypeRoots: () => [],
    Completions: {
      ...Completions,
      getCompletionsAtPositionForTslab: (_host: object, program: ts.Program, ...given: Rest) =>
        Completions.getCompletionsAtPosition(completionHost(typescript, program, folder), program, ...given),
    },
    ...overrides,
  } as unknown as TypeScript;
}
