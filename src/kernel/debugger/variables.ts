import type { Inspector } from "../executor/index.js";
import type { CallFrame, Evaluated, RemoteObject } from "./protocol.js";
import { objectGroup, propertiesOf, valuesNow } from "./scopeValues.js";

/** What the child offers to the debugger, as JavaScript. */
export const hooks = 'globalThis[Symbol.for("kontrast.debug")]';

/** DAP: a variable. */
export interface DebugVariable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  /** Above 0: it has members, to be asked for by this number. */
  readonly variablesReference: number;
  readonly evaluateName?: string;
}

/** An object whose members are on show, and where its variables are, if it is a scope. */
interface Reference {
  readonly objectId: string;
  /** TypeScript that has this object as its value, if there is some. */
  readonly expression?: string | undefined;
  readonly scope?: { readonly callFrameId: string; readonly scopeNumber: number };
  /** The scopes within the scope, whose names hide its own. */
  readonly inner?: CallFrame["scopeChain"];
}

/** What converted code has besides the user's variables. */
const internal = /^(exports|require|module|__filename|__dirname|this|arguments|__\w+|\w+_\d+|env_\d+|e_\d+)$/;

/** Gives numbers to objects, and lists what is in them. The numbers hold until the program goes on. */
export class DebugVariables {
  readonly #inspector: () => Inspector;
  readonly #references = new Map<number, Reference>();
  #latest = 0;

  constructor(inspector: () => Inspector) {
    this.#inspector = inspector;
  }

  /** The program has gone on, or all variables are asked for anew. */
  clear(): void {
    if (this.#references.size === 0) return;
    this.#references.clear();
    // A process that has ended holds nothing any more.
    this.#inspector()
      .post("Runtime.releaseObjectGroup", { objectGroup })
      .catch(() => undefined);
  }

  /** The scopes of a frame, the innermost first; last what the cells have declared. */
  async scopes({ callFrameId, scopeChain }: CallFrame) {
    const scopes = scopeChain.flatMap(({ type, object }, scopeNumber) => {
      if (type === "global" || type === "script" || object.objectId === undefined) return [];
      const inner = scopeChain.slice(0, scopeNumber);
      const reference = { objectId: object.objectId, expression: "", scope: { callFrameId, scopeNumber }, inner };
      const name = (type[0] ?? "").toUpperCase() + type.slice(1);
      return [{ name, variablesReference: this.#add(reference), expensive: false }];
    });
    const cells = { name: "Cells", variablesReference: await this.cellVariables(), expensive: false };
    // The scope of a cell as a whole holds nothing of the user's.
    const filled = await Promise.all(
      scopes.map(async (scope) => ((await this.list(scope.variablesReference)).length > 0 ? [scope] : [])),
    );
    return [...filled.flat(), cells];
  }

  /** A number for the variables of the cells. */
  async cellVariables(): Promise<number> {
    const { result } = await this.#inspector().post<Evaluated>("Runtime.evaluate", {
      expression: `${hooks}.variables`,
      objectGroup,
    });
    return result.objectId === undefined ? 0 : this.#add({ objectId: result.objectId, expression: "" });
  }

  /**
   * Members of an object, or variables of a scope.
   *
   * @throws RangeError `variablesReference: nothing is known under 7; the program has gone on`
   */
  async list(variablesReference: number): Promise<DebugVariable[]> {
    const { objectId, scope, inner = [], expression } = this.#require(variablesReference);
    const inspector = this.#inspector();
    const result = await propertiesOf(inspector, objectId);
    const shown = result.filter(({ name, enumerable }) => (scope ? !internal.test(name) : enumerable !== false));
    const names = shown.map(({ name }) => name).filter(isIdentifier);
    const now = scope && (await valuesNow(inspector, scope.callFrameId, names, inner));
    return shown.map(({ name, value, get, symbol }) => {
      const path = symbol ? undefined : memberOf(expression, name);
      return this.describe(name, now?.get(name) ?? value ?? get ?? { type: "undefined" }, path);
    });
  }

  /**
   * A value as a variable.
   *
   * @param expression TypeScript that has this value, if there is some
   */
  describe(name: string, value: RemoteObject, expression?: string): DebugVariable {
    const { objectId, type } = value;
    const isLeaf = objectId === undefined || type === "function";
    return {
      name,
      value: textOf(value),
      type: typeOf(value),
      variablesReference: isLeaf ? 0 : this.#add({ objectId, expression }),
      ...(expression !== undefined && { evaluateName: expression }),
    };
  }

  /** Gives a variable of a scope, or a member of an object, another value. */
  async assign(variablesReference: number, name: string, value: RemoteObject): Promise<void> {
    const { objectId, scope } = this.#require(variablesReference);
    const newValue = asArgument(value);
    if (scope) {
      await this.#inspector().post("Debugger.setVariableValue", { ...scope, variableName: name, newValue });
      return;
    }
    await this.#inspector().post("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: "function (name, value) { this[name] = value; }",
      arguments: [{ value: name }, newValue],
    });
  }

  /** The frame whose scope a number stands for; `undefined` for objects. */
  frameOf(variablesReference: number): string | undefined {
    return this.#require(variablesReference).scope?.callFrameId;
  }

  #add(reference: Reference): number {
    // A number is not given twice: the front end may still ask for what is gone.
    this.#latest++;
    this.#references.set(this.#latest, reference);
    return this.#latest;
  }

  #require(variablesReference: number): Reference {
    const found = this.#references.get(variablesReference);
    if (found) return found;
    throw new RangeError(`variablesReference: nothing is known under ${variablesReference}; the program has gone on`);
  }
}

/** A member as TypeScript; of scopes, whose expression is empty, the name alone. */
function memberOf(expression: string | undefined, name: string): string | undefined {
  if (expression === undefined) return undefined;
  if (expression === "") return name;
  if (/^\d+$/.test(name)) return `${expression}[${name}]`;
  return isIdentifier(name) ? `${expression}.${name}` : `${expression}[${JSON.stringify(name)}]`;
}

/** Whether this can be the name of a member after a point. */
function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

/** A value as the argument of a call. */
export function asArgument({ objectId, unserializableValue, value }: RemoteObject) {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value } : { unserializableValue };
}

/** JupyterLab shows the value of a variable only where its type is one of these words of Python, else the type. */
function typeOf({ type, subtype, className, value, description }: RemoteObject): string {
  if (type === "string") return "str";
  if (type === "boolean") return "bool";
  if (type === "number" && Number.isInteger(value)) return "int";
  if (type === "number") return "float";
  // Such as `Array(3)`.
  if (subtype === "array" || subtype === "typedarray") return description ?? subtype;
  return className ?? subtype ?? type;
}

/** A value in a line. */
export function textOf({ type, subtype, value, unserializableValue, description }: RemoteObject): string {
  if (subtype === "null") return "null";
  if (type === "string") return JSON.stringify(value);
  return unserializableValue ?? description ?? String(value);
}
