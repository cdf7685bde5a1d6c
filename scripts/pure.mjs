// Tells bundlers that what a built file computes when it is imported has no effect besides: so they leave out what is not
// used. It holds for this library, whose files keep no state; a test checks the sources.
import ts from "typescript";

const mark = "/* @__PURE__ */ ";

/**
 * Marks the calls in the initial values of a file's variables. Functions are left alone: they run when they are called.
 *
 * @param {string} code - The file.
 * @returns {string} The same, on the same lines.
 */
export function markPure(code) {
  const source = ts.createSourceFile("file.js", code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const places = [];
  const visit = (node) => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      // In a chain, as in `a(1).b(2)`, it is the whole that may go.
      const isInner = ts.isPropertyAccessExpression(node.parent) && ts.isCallExpression(node.parent.parent);
      if (!isInner) places.push(node.getStart(source));
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of source.statements) if (ts.isVariableStatement(statement)) visit(statement);
  let marked = code;
  for (const place of places.sort((a, b) => b - a)) {
    if (!marked.slice(0, place).endsWith(mark)) marked = marked.slice(0, place) + mark + marked.slice(place);
  }
  return marked;
}
