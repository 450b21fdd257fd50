import { Script as VmScript } from "node:vm";
import type { Inspector } from "../executor/index.js";
import type { CallFrame, Evaluated, RemoteObject } from "./protocol.js";
import { localNames, objectGroup } from "./scopeValues.js";
import { firstLine, type Stop } from "./stop.js";
import { asArgument, type DebugVariables, hooks, textOf } from "./variables.js";

/** What evaluating needs of the debugger. */
export interface EvaluationHost {
  inspector(): Inspector;
  /** Where the program has stopped, if it has. */
  stop(): Stop | undefined;
  /** As in `DebuggerHost`. */
  toExpression(code: string, hidden: readonly string[] | undefined): Promise<string>;
  onCopied(name: string): Promise<void>;
}

type Arguments = Readonly<Record<string, unknown>>;

/** Evaluates expressions of the user's, in TypeScript, in a frame of the stack or among the cells' variables. */
export class Evaluation {
  readonly #host: EvaluationHost;
  readonly #variables: DebugVariables;

  constructor(host: EvaluationHost, variables: DebugVariables) {
    this.#host = host;
    this.#variables = variables;
  }

  /** DAP's `evaluate`. */
  async evaluate({ expression, frameId }: Arguments) {
    const value = await this.#valueOf(String(expression), frameId);
    const { value: result, type, variablesReference } = this.#variables.describe("", value, String(expression));
    return { result, type, variablesReference };
  }

  /** Jupyter's `richInspectVariables`: a value as a cell would show it. */
  async richVariable({ variableName, frameId }: Arguments) {
    const value = await this.#valueOf(String(variableName), frameId);
    const inspector = this.#host.inspector();
    const { result } = await inspector.post<Evaluated>("Runtime.evaluate", { expression: hooks, objectGroup });
    const described = await inspector.post<Evaluated>("Runtime.callFunctionOn", {
      objectId: result.objectId,
      functionDeclaration: "function (value) { return this.describe(value); }",
      arguments: [asArgument(value)],
      returnByValue: true,
    });
    return { data: described.result.value ?? { "text/plain": textOf(value) }, metadata: {} };
  }

  /** DAP's `setVariable`. */
  async setVariable({ variablesReference, name, value }: Arguments) {
    const reference = Number(variablesReference);
    const stop = this.#host.stop();
    const callFrameId = this.#variables.frameOf(reference);
    // In a scope by an assignment, which fails for constants; V8 makes it in a copy of what is on the stack.
    const code = callFrameId ? `${name} = (${value})` : String(value);
    const assigned = await this.#valueOf(code, (callFrameId && stop?.numberOf(callFrameId)) || (stop ? 1 : undefined));
    await this.#variables.assign(reference, String(name), assigned);
    const { value: text, type, variablesReference: members } = this.#variables.describe(String(name), assigned);
    return { value: text, type, variablesReference: members };
  }

  /** Jupyter's `copyToGlobals`: makes a value of a frame a variable of the cells. */
  async copyToGlobals({ srcVariableName, dstVariableName, srcFrameId }: Arguments) {
    const name = String(dstVariableName);
    requireVariableName(name);
    const value = await this.#valueOf(String(srcVariableName), srcFrameId);
    await this.#variables.assign(await this.#variables.cellVariables(), name, value);
    await this.#host.onCopied(name);
    return {};
  }

  async #valueOf(code: string, frameId: unknown): Promise<RemoteObject> {
    const inspector = this.#host.inspector();
    const frame = frameId === undefined || frameId === null ? undefined : this.#requireFrame(frameId);
    // Names that a frame declares hide those of the cells.
    const hidden = frame ? await localNames(inspector, frame.scopeChain) : [];
    const expression = await this.#host.toExpression(code, hidden);
    const { result, exceptionDetails } = frame
      ? await inspector.post<Evaluated>("Debugger.evaluateOnCallFrame", {
          callFrameId: frame.callFrameId,
          expression,
          objectGroup,
        })
      : await inspector.post<Evaluated>("Runtime.evaluate", { expression, objectGroup });
    if (!exceptionDetails) return result;
    const { exception, text } = exceptionDetails;
    throw new Error(exception ? firstLine(textOf(exception)) : text);
  }

  #requireFrame(frameId: unknown): CallFrame {
    const stop = this.#host.stop();
    if (stop) return stop.requireFrame(frameId);
    throw new RangeError(`frameId: there is no frame ${frameId}; the program is running`);
  }
}

/** What is no name would spoil the declarations that all later cells are checked with. */
function requireVariableName(name: string): void {
  try {
    if (!/^[\p{ID_Continue}$]+$/u.test(name)) throw new SyntaxError("it has other characters than letters and digits");
    new VmScript(`"use strict"; async () => { let ${name}; }`);
  } catch (error) {
    const reason = (error as Error).message;
    throw new RangeError(`dstVariableName: "${name}" cannot be the name of a variable (${reason}); give another`);
  }
}
