/** One thing the compiler refuses in a cell. */
export interface CellError {
  /** TypeScript's number of the message, such as 2322; 0 where tslab gave none. */
  readonly code: number;
  /** First character of the offending piece, counted from 1, in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The local file it is in, relative to the notebook's folder; absent for the cell itself. */
  readonly file?: string;
  /** Ready to print: the line, a line of carets below the piece, `TS2322: message`. */
  readonly text: string;
}

/** A source map, version 3: generated lines and columns to those of the cell. */
export interface SourceMap {
  readonly version: 3;
  readonly names: string[];
  readonly sources: (string | null)[];
  readonly sourcesContent?: (string | null)[];
  readonly mappings: string;
}

/** A local `.ts` or `.js` file that a cell imports, as a CommonJS module. */
interface SideModule {
  /** Absolute path the cell's relative `require` resolves to, with the extension `.js`. */
  readonly path: string;
  /** Absolute path of the file that it was made of. */
  readonly source: string;
  readonly javascript: string;
  readonly sourceMap: SourceMap;
}

/** A variable whose value is to be disposed of when the cell ends: `using` at its top level. */
export interface Disposable {
  readonly name: string;
  /** `await using`. */
  readonly isAsync: boolean;
}

/** A cell that may run. */
export interface ConvertedCell {
  readonly ok: true;
  /**
   * Body of an async function with the parameters `exports`, `require` and `module`. Every variable the cell declares at its top
   * level is a property of `exports`; so are those of earlier cells. `exports` may be a plain object.
   */
  readonly javascript: string;
  readonly sourceMap: SourceMap;
  /** Property of `exports` that holds the value of the last statement, where that is an expression. */
  readonly lastExpression?: string;
  /** Names at its top level that have a value once it has run. */
  readonly assigned: readonly string[];
  /** To be disposed of in the opposite order, however the cell ended. */
  readonly disposables: readonly Disposable[];
  /** Local files this cell imports that are new or changed since they were last handed over. */
  readonly sideModules: readonly SideModule[];
  /** What later cells see of this and the earlier cells, as the text of a `.d.ts`; {@link Language.commit} keeps it. */
  readonly declarations: string;
}

/** A cell that may not run. */
interface RejectedCell {
  readonly ok: false;
  readonly errors: readonly CellError[];
}

export type Conversion = ConvertedCell | RejectedCell;

/** One proposal of {@link Completion}; `type` is TypeScript's word for it: `method`, `const`, `interface`, … */
interface CompletionItem {
  readonly text: string;
  readonly type: string;
}

/** What may replace `code.slice(start, end)`; offsets in UTF-16 units. */
export interface Completion {
  readonly matches: string[];
  readonly items: CompletionItem[];
  readonly start: number;
  readonly end: number;
}

/** Whether a console should run the code or ask for another line, which it then indents by `indent`. */
export type Completeness =
  | { readonly status: "complete" | "invalid" }
  | { readonly status: "incomplete"; readonly indent: string };

/** Signature and documentation of what the cursor is on. */
export interface Inspection {
  readonly text: string;
  readonly markdown: string;
}

/** TypeScript for the cells of one notebook: knows the types of everything the committed cells declared. */
export interface Language {
  /**
   * Checks a cell and turns it into JavaScript; changes nothing that later cells see.
   *
   * @param options.after a conversion that is not committed, and whose declarations it sees nevertheless
   * @param options.signal gives up a check that goes on for two seconds after it was aborted
   * @throws Error `the TypeScript thread is started afresh, because …`
   */
  convert(code: string, options?: { after?: ConvertedCell | undefined; signal?: AbortSignal }): Promise<Conversion>;
  /**
   * Lets later cells see what this one declares. Called before it runs, because others may run at the same time.
   *
   * @returns takes back the names that it has not come to, once it has failed; later cells see what was there before
   */
  commit(conversion: Conversion): (names: readonly string[]) => Promise<void>;
  /** Typed completion; `cursor` in UTF-16 units. Matches begin exactly with what stands before the cursor. */
  complete(code: string, cursor: number): Promise<Completion>;
  /**
   * Type and documentation at `cursor` (UTF-16 units), or of the function whose arguments the cursor is in.
   *
   * @param detail 1: with the types written out, and the source where it can be found
   * @param cells code of earlier cells, the latest first: where the source of what they declared is looked for
   */
  inspect(code: string, cursor: number, detail?: 0 | 1, cells?: readonly string[]): Promise<Inspection | undefined>;
  isComplete(code: string): Promise<Completeness>;
  /** Types of the committed cells' variables, by name. */
  variableTypes(): Promise<Readonly<Record<string, string>>>;
  /**
   * An expression in TypeScript as JavaScript for a debugger.
   *
   * @param variables JavaScript for the object that has the cells' variables
   * @param hidden names that are not the cells' where it will be evaluated; `undefined` if that is not known yet
   * @throws SyntaxError `evaluate: ',' expected. in "f(1"`
   */
  toExpression(code: string, variables: string, hidden: readonly string[] | undefined): Promise<string>;
  /** Lets later cells see a variable of any type, which no cell has declared. */
  declare(name: string): void;
  /** Forgets all declarations, as after a restart of the process that runs the cells. */
  reset(): void;
  close(): void;
}
