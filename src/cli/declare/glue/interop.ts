import type { Function as FunctionNode, Node } from "@babel/types";
import { type Binding, eachChild, keyOf, lookUp, propertyName, type Scopes } from "./scope.ts";

/** The texts that a helper which passes a module on needs. */
const texts = /^(default|__esModule|function|object|undefined|get|set|use strict)$/;
/** The globals that it needs. */
const globals = /^(Object|WeakMap|Symbol|undefined|arguments)$/;

/**
 * Whether a function makes a module of CommonJS look like one of ECMAScript, as those that compilers and bundlers print: it adds a
 * `default`, and has nothing of which it could make other members.
 *
 * @param scopes - The names of the text.
 * @param made - The function.
 */
export function isInterop(scopes: Scopes, made: FunctionNode): boolean {
  const seen = new Set<Node>();
  let hasDefault = false;
  const isPlain = (node: Node): boolean => {
    if (seen.size === seen.add(node).size) return true;
    switch (node.type) {
      case "StringLiteral":
        hasDefault ||= node.value === "default";
        return texts.test(node.value);
      case "TemplateLiteral":
      case "ImportExpression":
        return false;
      case "MemberExpression":
        hasDefault ||= propertyName(node) === "default";
        return isPlain(node.object) && (!node.computed || isPlain(node.property));
      case "ReturnStatement":
        // The default export is another object than the module.
        return !leavesOf(node.argument).some((one) => propertyName(one) === "default") && isEach(node);
      case "ObjectProperty":
        hasDefault ||= keyOf(node) === "default";
        return isPlain(node.value) && (!node.computed || isPlain(node.key));
      case "Identifier": {
        const binding = lookUp(scopes.around(node), node.name);
        return binding ? isPlainBinding(binding) : globals.test(node.name);
      }
      default:
        return isEach(node);
    }
  };
  const isEach = (node: Node): boolean => {
    let is = true;
    eachChild(node, (child) => (is &&= isPlain(child)));
    return is;
  };
  const isPlainBinding = ({ declaration, values, imported, property }: Binding): boolean =>
    !imported && !property && [...(declaration ? [declaration] : []), ...values].every(isPlain);
  return made.params.length > 0 && isPlain(made) && hasDefault;
}

/** The expressions of which one is the value of another. */
function leavesOf(node: Node | null | undefined): readonly Node[] {
  if (!node) return [];
  switch (node.type) {
    case "ConditionalExpression":
      return [...leavesOf(node.consequent), ...leavesOf(node.alternate)];
    case "LogicalExpression":
      return [...leavesOf(node.left), ...leavesOf(node.right)];
    case "SequenceExpression":
      return leavesOf(node.expressions.at(-1));
    default:
      return [node];
  }
}
