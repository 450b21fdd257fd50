import { moduleRecord } from "./moduleRecord.js";
import type { TypeScript, ts } from "./typescript.js";

/**
 * Has code that waits ask, before and after, whether its cell was given up, and then wait for ever: a stopped
 * `while (true) await fetch(…)` ends whatever it waits for. `await x` becomes
 * `(record.awaited = await record.awaiting(x), record.isGivenUp ? await record.never : record.taken)`, and a
 * `for await` asks at the start of each turn.
 */
export function guardedAwaits(typescript: TypeScript): ts.TransformerFactory<ts.SourceFile> {
  const { factory, setTextRange, SyntaxKind } = typescript;
  const member = (name: string) => moduleRecord(typescript, name);
  const never = () => factory.createAwaitExpression(member("never"));

  function guarded(node: ts.AwaitExpression): ts.Expression {
    const asked = factory.createCallExpression(member("awaiting"), undefined, [node.expression]);
    const awaited = setTextRange(factory.createAwaitExpression(asked), node);
    const kept = factory.createAssignment(member("awaited"), awaited);
    const taken = factory.createConditionalExpression(
      member("isGivenUp"),
      undefined,
      never(),
      undefined,
      member("taken"),
    );
    return factory.createParenthesizedExpression(factory.createComma(kept, taken));
  }

  function guardedLoop(node: ts.ForOfStatement): ts.ForOfStatement {
    const check = factory.createIfStatement(member("isGivenUp"), factory.createExpressionStatement(never()));
    const statements = typescript.isBlock(node.statement) ? node.statement.statements : [node.statement];
    const body = setTextRange(factory.createBlock([check, ...statements], true), node.statement);
    return factory.updateForOfStatement(node, node.awaitModifier, node.initializer, node.expression, body);
  }

  return (context) => (file) => {
    if (!/\bawait\b/.test(file.text)) return file;
    const visit = (node: ts.Node): ts.Node => {
      const visited = typescript.visitEachChild(node, visit, context);
      if (typescript.isAwaitExpression(visited)) return guarded(visited);
      const isLoop = typescript.isForOfStatement(visited) && visited.awaitModifier?.kind === SyntaxKind.AwaitKeyword;
      return isLoop ? guardedLoop(visited) : visited;
    };
    return typescript.visitNode(file, visit) as ts.SourceFile;
  };
}
