import type { Inspector } from "../executor/index.js";
import type { CallFrame, Evaluated, Property, RemoteObject } from "./protocol.js";

/** CDP: under this name the program holds what the front end may ask for, until it is released. */
export const objectGroup = "kontrast";

/** What an object has itself. */
export async function propertiesOf(inspector: Inspector, objectId: string): Promise<readonly Property[]> {
  const parameters = { objectId, ownProperties: true, generatePreview: false };
  const { result } = await inspector.post<{ result: readonly Property[] }>("Runtime.getProperties", parameters);
  return result;
}

/** Names that the scopes of a frame declare, the global ones left out. */
export async function localNames(inspector: Inspector, scopes: CallFrame["scopeChain"]): Promise<string[]> {
  const ids = scopes.flatMap(({ type, object: { objectId } }) =>
    type === "global" || type === "script" || objectId === undefined ? [] : [objectId],
  );
  const properties = await Promise.all(ids.map((id) => propertiesOf(inspector, id)));
  return properties.flat().map(({ name }) => name);
}

/**
 * Values that names of a scope have now: V8's objects of scopes say what they were when the program stopped. Names
 * without a value, such as of a `let` that is still ahead, are left out.
 *
 * @param inner the scopes within the scope, whose names hide its own
 */
export async function valuesNow(
  inspector: Inspector,
  callFrameId: string,
  names: readonly string[],
  inner: CallFrame["scopeChain"],
): Promise<ReadonlyMap<string, RemoteObject>> {
  const hidden = new Set(await localNames(inspector, inner));
  const visible = names.filter((name) => !hidden.has(name));
  const values = visible.map((name) => `...(() => { try { return { ${name} }; } catch {} })()`);
  const { result, exceptionDetails } = await inspector.post<Evaluated>("Debugger.evaluateOnCallFrame", {
    callFrameId,
    expression: `({ __proto__: null, ${values.join(", ")} })`,
    objectGroup,
  });
  if (exceptionDetails || result.objectId === undefined) return new Map();
  const properties = await propertiesOf(inspector, result.objectId);
  return new Map(properties.flatMap(({ name, value }) => (value ? [[name, value]] : [])));
}
