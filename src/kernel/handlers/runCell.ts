import type { ConvertedCell, Language } from "../language/index.js";
import {
  type CodeSegment,
  knownMagics,
  type MagicContext,
  MagicError,
  type MagicSegment,
  type Page,
  parseCell,
  requireMagic,
  type Segment,
} from "../magics/index.js";
import { errorMessage } from "./errorContent.js";
import { judgeOf } from "./magicCode.js";
import {
  compilerErrors,
  interrupted,
  type Prepared,
  type Ran,
  type RunContext,
  runJavaScript,
  runPrepared,
} from "./runCode.js";

/** Name of what a front end evaluates beside a cell. */
export const expressionName = "expression";

/** What a cell came to. */
export interface RanCell extends Ran {
  /** For the front end's pager. */
  readonly pages: readonly Page[];
}

/**
 * Runs a cell: its TypeScript, all of which is checked before anything runs, and its magics, in order. What comes after a
 * magic that brings packages or files, or forgets names, is checked when that has run. The value is that of the last piece.
 */
export async function runCell(name: string, context: RunContext): Promise<RanCell> {
  const { kernel, code } = context;
  const language = await kernel.language;
  const segments = await parseCell(code, knownMagics, judgeOf(language));
  const pages: Page[] = [];
  let ran: Ran = {};
  let pieces = 0;
  for (const group of groupsOf(segments)) {
    const prepared = await kernel.prepareInTurn(() => prepare(group, language, context));
    if ("error" in prepared) return { ...prepared, pages };
    const { conversions, withdraw } = prepared;
    let next = 0;
    const failed = async (unreached: readonly string[] = []) => {
      const names = [...unreached, ...conversions.slice(next).flatMap(({ assigned }) => assigned)];
      await kernel.prepareInTurn(() => withdraw(names));
    };
    for (const segment of group) {
      if (context.execution.abort.signal.aborted) {
        await failed();
        return { error: interrupted, pages };
      }
      if (segment.type === "code") {
        const piece: Prepared = {
          conversion: conversions[next++] as ConvertedCell,
          name: pieces++ === 0 ? name : `${name}-${pieces}`,
          measure: segment.measure,
          isUsers: name !== expressionName,
        };
        ran = await runPrepared(piece, context);
      } else ran = await runMagic(segment, language, context, pages);
      if (ran.error) {
        await failed(ran.unreached);
        return { ...ran, pages };
      }
    }
  }
  return { ...ran, pages };
}

/** Pieces that can be checked together: each group ends with a magic that brings packages or files, or forgets names. */
function groupsOf(segments: readonly Segment[]): Segment[][] {
  const groups: Segment[][] = [[]];
  for (const segment of segments) {
    groups.at(-1)?.push(segment);
    if (segment.type === "magic" && changesWhatFollows(segment)) groups.push([]);
  }
  return groups.filter((group) => group.length > 0);
}

function changesWhatFollows(segment: MagicSegment): boolean {
  try {
    return requireMagic(segment.name, segment.body !== undefined).changesWhatFollows === true;
  } catch {
    return false; // of an unknown magic is told when it is its turn
  }
}

/** A group whose declarations later cells see. */
interface Committed {
  readonly conversions: readonly ConvertedCell[];
  /** Takes back the names that it has not come to. */
  withdraw(names: readonly string[]): Promise<void>;
}

/**
 * Checks and converts all TypeScript of a group, each piece after the one before, and lets later cells see what it
 * declares: they may run at the same time, in a subshell.
 */
async function prepare(
  group: readonly Segment[],
  language: Language,
  { count, execution, kernel }: RunContext,
): Promise<Committed | Required<Pick<Ran, "error">>> {
  const conversions: ConvertedCell[] = [];
  for (const { code } of group.filter((segment): segment is CodeSegment => segment.type === "code")) {
    const conversion = await language.convert(code, { after: conversions.at(-1), signal: execution.abort.signal });
    if (!conversion.ok) return { error: compilerErrors(conversion.errors, count) };
    kernel.executor.addModules(conversion.sideModules);
    conversions.push(conversion);
  }
  const last = conversions.at(-1);
  return { conversions, withdraw: last ? language.commit(last) : async () => undefined };
}

async function runMagic(segment: MagicSegment, language: Language, context: RunContext, pages: Page[]): Promise<Ran> {
  const { name, argument, body } = segment;
  try {
    const magic = requireMagic(name, body !== undefined);
    const page = await magic.run({ argument, body: body ?? "" }, magicContext(language, context));
    if (page) pages.push(page);
    return {};
  } catch (error) {
    if (error instanceof FailedRun) return error.ran;
    if (error instanceof MagicError) return { error: errorMessage(error.name, error.message) };
    throw error;
  }
}

/** Carries the end of code that a magic has run past the magic. */
class FailedRun extends Error {
  readonly ran: Ran;

  constructor(ran: Ran) {
    super("the code of a magic failed");
    this.ran = ran;
  }
}

function magicContext(language: Language, context: RunContext): MagicContext {
  const { kernel, execution, request } = context;
  const { session, executor, folder } = kernel;
  const { header, content } = request.message;
  const publish = async (msgType: string, message: Record<string, unknown>) => {
    if (content["silent"] !== true) await session.publish(msgType, message, header);
  };
  return {
    folder,
    signal: execution.abort.signal,
    print: (text, name = "stdout") => publish("stream", { name, text }),
    show: (data) => publish("display_data", { data, metadata: {}, transient: {} }),
    async run(javascript) {
      const ran = await runJavaScript(javascript, context);
      if (ran.error) throw new FailedRun(ran);
    },
    async variables() {
      const [values, types] = await Promise.all([executor.variables(execution.abort.signal), language.variableTypes()]);
      return values.map(({ name, value }) => ({ name, type: types[name] ?? "", value }));
    },
    async reset() {
      await executor.reset(execution.abort.signal);
      await kernel.prepareInTurn(async () => language.reset());
    },
    async explain(expression, detail) {
      return (await language.inspect(expression, expression.length, detail, kernel.cells.codes()))?.text;
    },
  };
}
