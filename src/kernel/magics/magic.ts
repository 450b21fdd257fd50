import type { JsonObject } from "../wire/index.js";

/** What a magic can do besides computing. */
export interface MagicContext {
  /** The notebook's folder. */
  readonly folder: string;
  /** Aborted when the cell is interrupted. */
  readonly signal: AbortSignal;
  /** Shows text below the cell. */
  print(text: string, name?: "stdout" | "stderr"): Promise<void>;
  /** Shows a bundle below the cell. */
  show(data: JsonObject): Promise<void>;
  /** Runs JavaScript where the cells run: the body of an async function of `exports`, `require` and `module`. */
  run(javascript: string): Promise<void>;
  /** The cells' variables: name, type and value on one line. */
  variables(): Promise<readonly VariableEntry[]>;
  /** Forgets them. */
  reset(): Promise<void>;
  /** Type and documentation of an expression, or of more of it. */
  explain(expression: string, detail: 0 | 1): Promise<string | undefined>;
}

/** A variable of the cells. */
interface VariableEntry {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** What a magic was called with. */
interface MagicCall {
  readonly argument: string;
  /** The rest of the cell; only of `%%` magics. */
  readonly body: string;
}

/** Something for the front end's pager, in the form of `execute_reply.payload`. */
export interface Page {
  readonly source: "page";
  readonly data: JsonObject;
  readonly start: number;
}

/** A magic of the kernel. */
export interface Magic {
  /** Such as `%install PACKAGE…`. */
  readonly usage: string;
  /** One sentence. */
  readonly summary: string;
  /** Whether what follows in the cell can only be checked after it has run: it brings packages or files, or forgets names. */
  readonly changesWhatFollows?: boolean;
  run(call: MagicCall, context: MagicContext): Promise<Page | undefined>;
}

/**
 * For magics that take no argument.
 *
 * @throws MagicError `%who: takes no argument, got x; usage: %who`
 */
export function requireNoArgument({ usage }: Pick<Magic, "usage">, argument: string): void {
  if (argument !== "") throw new MagicError(`${usage}: takes no argument, got ${argument}; usage: ${usage}`);
}

/** What a magic says when it cannot do what it was asked for. */
export class MagicError extends Error {
  override readonly name = "MagicError";
}
