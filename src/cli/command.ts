import type { ParseArgsConfig } from "node:util";

/** Options of a command in the form of `node:util`'s `parseArgs`. */
type CommandOptions = NonNullable<ParseArgsConfig["options"]>;

/** What the user typed after the command's name. */
export interface CommandArguments {
  readonly values: Record<string, string | boolean | undefined>;
  readonly positionals: readonly string[];
}

/** One subcommand of `kontrast`. */
export interface Command {
  /** One line for the overview. */
  readonly summary: string;
  /** The text of `kontrast NAME --help`: usage line, then one line per option. */
  readonly usage: string;
  readonly options?: CommandOptions;
  /** How many positional arguments it takes at most; more are a usage error. */
  readonly positionals?: number;
  /** Does the work; resolves to the exit status. A thrown error is printed as one line and exits with 1. */
  run(given: CommandArguments): Promise<number>;
}

/** A mistake in what the user typed: printed as one line with a pointer to `--help`; exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
