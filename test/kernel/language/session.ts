import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { CellModules } from "../../../src/kernel/executor/modules.js";
import {
  type CellError,
  type Completion,
  createLanguage,
  type Inspection,
} from "../../../src/kernel/language/index.js";

const require = createRequire(import.meta.url);

/** How a cell ended in the tests' tiny kernel. */
interface Ran {
  /** Value of the last expression. */
  readonly result?: unknown;
  readonly errors?: readonly CellError[];
  /** What the cell threw, with the places of its stack in cell coordinates, `line:column`, innermost first. */
  readonly thrown?: { readonly message: string; readonly places: readonly string[] };
}

/** A notebook's language and, in place of the executor, an async function per cell. */
export interface Session {
  readonly folder: string;
  run(code: string): Promise<Ran>;
  complete(code: string, cursor?: number): Promise<Completion>;
  inspect(code: string, cursor: number): Promise<Inspection | undefined>;
  isComplete(code: string): Promise<unknown>;
  close(): void;
}

/** A folder far from this package, with `arquero` and a package without types installed. */
export function notebookFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "kontrast-language-")));
  const arquero = dirname(dirname(require.resolve("arquero")));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(arquero, join(folder, "node_modules", "arquero"));
  mkdirSync(join(folder, "node_modules", "untyped"));
  writeFileSync(join(folder, "node_modules", "untyped", "index.js"), "module.exports = { one: 1, two: 2 };\n");
  writeFileSync(join(folder, "settings.json"), '{ "rate": 0.5 }');
  return folder;
}

export async function startSession(folder = notebookFolder()): Promise<Session> {
  const language = await createLanguage({ folder });
  const variables: Record<string, unknown> = {};
  const modules = new CellModules();
  let cells = 0;
  return {
    folder,
    async run(code) {
      const conversion = await language.convert(code);
      if (!conversion.ok) return { errors: conversion.errors };
      const filename = join(folder, `cell-${++cells}.ts`);
      modules.add(conversion.sideModules);
      try {
        await modules.compile(conversion, modules.record(filename, variables))();
        return conversion.lastExpression === undefined ? {} : { result: variables[conversion.lastExpression] };
      } catch (error) {
        const { message, stack = "" } = error as Error;
        const map = new TraceMap(conversion.sourceMap as ConstructorParameters<typeof TraceMap>[0]);
        const places = [...stack.matchAll(new RegExp(`${filename}:(\\d+):(\\d+)`, "g"))].map(([, line, column]) => {
          const place = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
          return `${place.line}:${(place.column ?? -1) + 1}`;
        });
        return { thrown: { message, places } };
      } finally {
        language.commit(conversion);
      }
    },
    complete: (code, cursor = code.length) => language.complete(code, cursor),
    inspect: (code, cursor) => language.inspect(code, cursor),
    isComplete: (code) => language.isComplete(code),
    close: () => language.close(),
  };
}
