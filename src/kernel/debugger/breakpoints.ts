import type { Inspector } from "../executor/index.js";
import { conditionOf } from "./conditions.js";
import type { Location, SourceBreakpoint } from "./protocol.js";
import { escaped, generatedStart, placeOf, type Script, type Scripts } from "./scripts.js";

/** A breakpoint as it is wanted, and its condition as JavaScript, or what is wrong with it. */
interface Wanted {
  readonly id: number;
  readonly asked: SourceBreakpoint;
  readonly condition: string;
  readonly problem?: string;
}

/** A breakpoint that V8 knows, in the process of that inspector. */
interface Installed {
  readonly inspector: Inspector;
  readonly url: string;
  readonly breakpointId: string;
}

/** CDP: what `Debugger.setBreakpointByUrl` came to; there are no locations before the script is there. */
interface Made {
  readonly breakpointId: string;
  readonly locations: readonly Location[];
}

/** Breakpoints by source; they are there before the code that they are in has run. */
export class Breakpoints {
  readonly #inspector: () => Inspector | undefined;
  readonly #scripts: Scripts;
  readonly #toExpression: (code: string) => Promise<string>;
  readonly #wanted = new Map<string, readonly Wanted[]>();
  readonly #installed = new Map<string, Installed[]>();
  /** Where V8 has put a breakpoint: comments, for instance, pass it on. */
  readonly #lines = new Map<number, number>();
  #ids = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param inspector of the process that is debugged, if one is
   * @param toExpression turns a condition, TypeScript, into JavaScript that finds the cells' variables
   */
  constructor(
    inspector: () => Inspector | undefined,
    scripts: Scripts,
    toExpression: (code: string) => Promise<string>,
  ) {
    this.#inspector = inspector;
    this.#scripts = scripts;
    this.#toExpression = toExpression;
  }

  /** All that are wanted, as `debugInfo` lists them. */
  list() {
    return [...this.#wanted].map(([source, wanted]) => ({ source, breakpoints: wanted.map(({ asked }) => asked) }));
  }

  /**
   * Replaces those of a source. Gives the lines where they are now: lines without code pass them on. One whose condition
   * is no TypeScript is not verified, with the reason.
   */
  set(source: string, asked: readonly SourceBreakpoint[]) {
    return this.#inTurn(async () => {
      const wanted = await Promise.all(asked.map((breakpoint) => this.#prepared(breakpoint)));
      for (const { id } of this.#wanted.get(source) ?? []) this.#lines.delete(id);
      await this.#remove(source);
      if (wanted.length === 0) this.#wanted.delete(source);
      else this.#wanted.set(source, wanted);
      const scripts = this.#scripts.ofSource(source);
      for (const script of scripts) await this.#install(script);
      const latest = scripts.at(-1);
      return wanted.map(({ id, asked: { line }, problem }) => {
        const place = latest && generatedStart(latest, line);
        const message = problem ?? (latest && !place ? `there is no code from line ${line} on` : undefined);
        const found = { id, line: this.#lines.get(id) ?? place?.line ?? line, source: { path: source } };
        return message === undefined ? { ...found, verified: true } : { ...found, verified: false, message };
      });
    });
  }

  /** Installs those of its source in a script, which may be about to be run. */
  install(script: Script): Promise<void> {
    return this.#inTurn(() => this.#install(script));
  }

  /** Installs all that are wanted in another process. */
  installAll(): Promise<void> {
    return this.#inTurn(async () => {
      for (const source of this.#wanted.keys()) {
        await this.#remove(source);
        for (const script of this.#scripts.ofSource(source)) await this.#install(script);
      }
    });
  }

  clear(): void {
    this.#wanted.clear();
    this.#installed.clear();
    this.#lines.clear();
  }

  /** Front ends set breakpoints while cells start; what one installs the other must know. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined); // who asked hears of it
    return done;
  }

  async #prepared(asked: SourceBreakpoint): Promise<Wanted> {
    const id = ++this.#ids;
    try {
      return { id, asked, condition: await conditionOf(asked, id, this.#toExpression) };
    } catch (error) {
      return { id, asked, condition: "", problem: (error as Error).message };
    }
  }

  /** @param url of the only script that they are removed from */
  async #remove(source: string, url?: string): Promise<void> {
    const installed = this.#installed.get(source) ?? [];
    const removed = installed.filter((one) => url === undefined || one.url === url);
    this.#installed.set(
      source,
      installed.filter((one) => !removed.includes(one)),
    );
    for (const { inspector, breakpointId } of removed) {
      if (inspector === this.#inspector()) await inspector.post("Debugger.removeBreakpoint", { breakpointId });
    }
  }

  async #install(script: Script): Promise<void> {
    const inspector = this.#inspector();
    if (!inspector) return;
    const { sourcePath, url } = script;
    // Those of a former version are at places of its own.
    await this.#remove(sourcePath, url);
    const installed = this.#installed.get(sourcePath) ?? [];
    const taken = new Set<string>();
    for (const { id, asked, condition, problem } of this.#wanted.get(sourcePath) ?? []) {
      const start = problem === undefined ? generatedStart(script, asked.line) : undefined;
      // Two lines may pass theirs on to the same place, where V8 takes one.
      if (!start || taken.has(`${start.lineNumber}:${start.columnNumber}`)) continue;
      taken.add(`${start.lineNumber}:${start.columnNumber}`);
      const { lineNumber, columnNumber } = start;
      // By a plain address, V8 would move it to where the text of a former version's line is now.
      const parameters = { urlRegex: `^${escaped(url)}$`, lineNumber, columnNumber, condition };
      const made = await inspector.post<Made>("Debugger.setBreakpointByUrl", parameters);
      installed.push({ inspector, url, breakpointId: made.breakpointId });
      const location = made.locations.find(({ scriptId }) => this.#scripts.byId(scriptId) === script);
      const place = location && placeOf(script, location.lineNumber, location.columnNumber ?? 0);
      if (place) this.#lines.set(id, place.line);
    }
  }
}
