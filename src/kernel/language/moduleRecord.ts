import type { TypeScript, ts } from "./typescript.js";

/** The parameter of converted code that holds its `ModuleRecord`; not `module`, which is a good name for a variable. */
export const recordName = "__kontrast";

/** The parameter of converted code that holds what was waited for, until it is passed on. */
export const awaitedName = "__awaited";

/** A member of the record that converted code runs with. */
export function moduleRecord({ factory }: TypeScript, name: string): ts.PropertyAccessExpression {
  return factory.createPropertyAccessExpression(factory.createIdentifier(recordName), name);
}
