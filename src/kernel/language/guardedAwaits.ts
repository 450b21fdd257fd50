import type { SourceMapSegment } from "@jridgewell/trace-mapping";
import { awaitedName, moduleRecord } from "./moduleRecord.js";
import type { TypeScript, ts } from "./typescript.js";

/**
 * Has code that goes on after waiting ask whether its cell was given up, and then wait for ever: a stopped
 * `while (true) await fetch(…)` ends whatever it waits for. `await x` becomes
 * `(awaited = await x, record.isGivenUp ? await record.never : record.pass(awaited, awaited = void 0))`; what catches an
 * error of an `await`, and each turn of a `for await`, begins with the same question. Nothing is asked or looked up before
 * `x`, where a debugger would stop.
 */
export function guardedAwaits(typescript: TypeScript): ts.TransformerFactory<ts.SourceFile> {
  const { factory, setTextRange, SyntaxKind } = typescript;
  const member = (name: string) => moduleRecord(typescript, name);
  const waitForEver = () => factory.createAwaitExpression(member("never"));

  function guarded(node: ts.AwaitExpression): ts.Expression {
    const awaited = setTextRange(factory.createAwaitExpression(node.expression), node);
    const slot = () => factory.createIdentifier(awaitedName);
    const kept = factory.createAssignment(slot(), awaited);
    // The slot is emptied: what it holds could not be freed.
    const emptied = factory.createAssignment(slot(), factory.createVoidZero());
    const passed = factory.createCallExpression(member("pass"), undefined, [slot(), emptied]);
    const taken = factory.createConditionalExpression(member("isGivenUp"), undefined, waitForEver(), undefined, passed);
    return factory.createParenthesizedExpression(factory.createComma(kept, taken));
  }

  function guardedBlock(node: ts.Statement): ts.Block {
    const check = factory.createIfStatement(member("isGivenUp"), factory.createExpressionStatement(waitForEver()));
    const statements = typescript.isBlock(node) ? node.statements : [node];
    return setTextRange(factory.createBlock([check, ...statements], true), node);
  }

  function isAsyncLoop(node: ts.Node): node is ts.ForOfStatement {
    return typescript.isForOfStatement(node) && node.awaitModifier?.kind === SyntaxKind.AwaitKeyword;
  }

  /** Whether it waits itself, not in a function that it holds. */
  function waits(node: ts.Node): boolean {
    if (typescript.isFunctionLike(node)) return false;
    return typescript.isAwaitExpression(node) || isAsyncLoop(node) || typescript.forEachChild(node, waits) === true;
  }

  return (context) => (file) => {
    if (!/\bawait\b/.test(file.text)) return file;
    const visit = (node: ts.Node): ts.Node => {
      const catches = typescript.isTryStatement(node) && node.catchClause !== undefined && waits(node.tryBlock);
      const visited = typescript.visitEachChild(node, visit, context);
      if (typescript.isAwaitExpression(visited)) return guarded(visited);
      if (isAsyncLoop(visited)) {
        const { awaitModifier, initializer, expression, statement } = visited;
        return factory.updateForOfStatement(visited, awaitModifier, initializer, expression, guardedBlock(statement));
      }
      if (!catches || !typescript.isTryStatement(visited) || !visited.catchClause) return visited;
      const { variableDeclaration, block } = visited.catchClause;
      const clause = factory.updateCatchClause(visited.catchClause, variableDeclaration, guardedBlock(block));
      return factory.updateTryStatement(visited, visited.tryBlock, clause, visited.finallyBlock);
    };
    return typescript.visitNode(file, visit) as ts.SourceFile;
  };
}

/** What {@link guardedAwaits} puts behind an `await`, and in front of statements, when it is printed. */
const question = /, \w+\.isGivenUp \? await \w+\.never : \w+\.pass\(\w+, \w+ = void 0\)|if \(\w+\.isGivenUp\)/g;

/** Has a map say that the questions are nobody's code, so that steps of a debugger do not end there. */
export function unmapQuestions(javascript: string, mappings: readonly SourceMapSegment[][]): SourceMapSegment[][] {
  const lines = javascript.split("\n");
  return mappings.map((segments, line) => {
    const asked = [...(lines[line] ?? "").matchAll(question)].map(({ index }): SourceMapSegment => [index]);
    return asked.length === 0 ? segments : [...segments, ...asked].toSorted(([a], [b]) => a - b);
  });
}
