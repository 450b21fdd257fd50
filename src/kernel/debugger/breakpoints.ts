import type { Inspector } from "../executor/index.js";
import type { SourceBreakpoint } from "./protocol.js";
import { generatedStart, type Script, type Scripts } from "./scripts.js";

/** Breakpoints by source; they are there before the code that they are in has run. */
export class Breakpoints {
  readonly #inspector: () => Inspector;
  readonly #scripts: Scripts;
  readonly #toExpression: (code: string) => Promise<string>;
  readonly #wanted = new Map<string, readonly SourceBreakpoint[]>();
  readonly #installed = new Map<string, string[]>();

  /** @param toExpression turns a condition, TypeScript, into JavaScript that finds the cells' variables */
  constructor(inspector: () => Inspector, scripts: Scripts, toExpression: (code: string) => Promise<string>) {
    this.#inspector = inspector;
    this.#scripts = scripts;
    this.#toExpression = toExpression;
  }

  /** All that are wanted, as `debugInfo` lists them. */
  list() {
    return [...this.#wanted].map(([source, breakpoints]) => ({ source, breakpoints }));
  }

  /** Replaces those of a source. Gives the lines where they are now: lines without code pass them on. */
  async set(source: string, breakpoints: readonly SourceBreakpoint[]) {
    for (const id of this.#installed.get(source) ?? []) {
      await this.#inspector().post("Debugger.removeBreakpoint", { breakpointId: id });
    }
    this.#installed.delete(source);
    if (breakpoints.length === 0) this.#wanted.delete(source);
    else this.#wanted.set(source, breakpoints);
    const scripts = this.#scripts.ofSource(source);
    for (const script of scripts) await this.install(script);
    const latest = scripts.at(-1);
    return breakpoints.map(({ line }, index) => ({
      id: index + 1,
      verified: true,
      line: (latest && generatedStart(latest, line)?.line) ?? line,
      source: { path: source },
    }));
  }

  /** Installs those of its source in a script, which may be about to be run. */
  async install(script: Script): Promise<void> {
    const installed = this.#installed.get(script.sourcePath) ?? [];
    this.#installed.set(script.sourcePath, installed);
    for (const { line, condition, logMessage } of this.#wanted.get(script.sourcePath) ?? []) {
      const start = generatedStart(script, line);
      if (!start) continue;
      const { breakpointId } = await this.#inspector().post<{ breakpointId: string }>("Debugger.setBreakpointByUrl", {
        url: script.url,
        lineNumber: start.lineNumber,
        columnNumber: start.columnNumber,
        condition: await this.#condition(condition, logMessage),
      });
      installed.push(breakpointId);
    }
  }

  /** What was installed is gone with its process. */
  forgetInstalled(): void {
    this.#installed.clear();
  }

  clear(): void {
    this.#wanted.clear();
    this.#installed.clear();
  }

  /** A breakpoint with a message prints it and does not stop. */
  async #condition(condition: string | undefined, logMessage: string | undefined): Promise<string> {
    const holds = condition ? await this.#toExpression(condition) : "true";
    if (logMessage === undefined) return condition ? holds : "";
    const parts = logMessage.split(/\{([^{}]*)\}/);
    const words = await Promise.all(
      parts.map((part, index) => (index % 2 === 0 ? JSON.stringify(part) : this.#toExpression(part))),
    );
    return `(${holds}) && (console.log(${words.map((word) => `(${word})`).join(" + ")}), false)`;
  }
}
