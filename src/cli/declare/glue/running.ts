import type { Function as FunctionNode, Identifier, Node } from "@babel/types";
import { isCall } from "./flow.ts";
import { functionAround, type References } from "./references.ts";
import { keyOf, lookUp, propertyName, type Scopes } from "./scope.ts";

/**
 * Returns a function that finds out if code runs when a text is loaded, rather than when somebody calls a function of it.
 *
 * @param scopes - The names of the text.
 * @param references - Their uses.
 * @param around - A part of the text that runs: in a bundle, the function around the generated JavaScript.
 */
export function runningIn(scopes: Scopes, references: References, around?: Node): (node: Node) => boolean {
  const { parentOf } = references;
  const known = new Map<Node, boolean>();
  for (let at = around; at; at = parentOf(at)) known.set(at, true);
  const isCalled = (callee: Node): boolean => {
    const call = parentOf(callee);
    return call !== undefined && isCall(call) && call.callee === callee && runs(call);
  };
  /** Whether something is called by the name of a variable or of an export. */
  const isCalledBy = (name: Identifier | undefined, from: Node): boolean => {
    const binding = name && lookUp(scopes.scopeOf(from), name.name);
    for (const one of binding ? references.of(binding) : []) {
      if (isCalled(one) || isExportCalled(one)) return true;
    }
    return false;
  };
  /** Whether a value is exported and called by that name. */
  const isExportCalled = (value: Node): boolean => {
    const given = parentOf(value);
    const left = given?.type === "AssignmentExpression" && given.right === value ? given.left : undefined;
    const name = left?.type === "MemberExpression" && isExports(left.object) ? propertyName(left) : undefined;
    if (name === undefined) return false;
    return references.members(name).some((one) => {
      return one.type === "MemberExpression" && isExports(one.object) && isCalled(one);
    });
  };
  const isRunning = (made: FunctionNode): boolean => {
    const parent = parentOf(made);
    if (made.type === "ClassMethod") {
      const of = parent && parentOf(parent);
      const id = of && "id" in of && of.id?.type === "Identifier" ? of.id : undefined;
      if (!of || !id) return false;
      if (made.kind === "constructor") return isCalledBy(id, of);
      const name = made.static ? keyOf(made) : undefined;
      const binding = lookUp(scopes.scopeOf(of), id.name);
      return (
        binding !== undefined &&
        references.of(binding).some((one) => {
          const member = parentOf(one);
          return member?.type === "MemberExpression" && propertyName(member) === name && isCalled(member);
        })
      );
    }
    // A function that is given to a call may be run by it, unless it waits for something.
    if (parent && isCall(parent) && !made.generator && !isWaiting(parent.callee) && runs(parent)) return true;
    if (isExportCalled(made)) return true;
    if (parent?.type === "VariableDeclarator" || parent?.type === "AssignmentExpression") {
      const target = parent.type === "VariableDeclarator" ? parent.id : parent.left;
      return target.type === "Identifier" && isCalledBy(target, made);
    }
    return made.type === "FunctionDeclaration" && isCalledBy(made.id ?? undefined, made);
  };
  const runs = (node: Node): boolean => {
    const made = functionAround(references, node);
    if (!made) return true;
    const before = known.get(made);
    if (before !== undefined) return before;
    known.set(made, false);
    const is = isRunning(made);
    known.set(made, is);
    return is;
  };
  return runs;
}

function isExports(node: Node): boolean {
  return (node.type === "Identifier" && node.name === "exports") || propertyName(node) === "exports";
}

/** Whether a function calls another one when something happens. */
function isWaiting(callee: Node): boolean {
  return callee.type === "Identifier" && callee.name === "FinalizationRegistry";
}
