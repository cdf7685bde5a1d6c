import type { CallExpression, Function as FunctionNode, Node } from "@babel/types";
import type { Glue, Namespace } from "./evaluation.ts";
import { isFunction, lookUp } from "./scope.ts";

/** A module of a bundle: its definitions, or the expression that takes the place of them. */
type Bundled = { readonly members: Namespace } | { readonly whole: Node };

/**
 * Finds the module of a bundle that a call loads: `load(159)`, where the bundle has a function by that key, or `requireFile()`,
 * which was made of one function.
 *
 * @param glue - The JavaScript.
 * @param node - The call.
 */
export function bundledModule(glue: Glue, node: Node): Bundled | undefined {
  const made = node.type === "CallExpression" ? functionOf(glue, node) : undefined;
  if (!made) return undefined;
  const whole = wholeOf(made);
  if (whole) return { whole };
  const scope = glue.scopes.of(made);
  for (const param of made.params) {
    const binding = param.type === "Identifier" ? scope?.bindings.get(param.name) : undefined;
    const members = binding && glue.namespaces.get(binding);
    if (members) return { members };
  }
  return undefined;
}

/** The function around a module of a bundle. */
function functionOf(
  { scopes, references }: Glue,
  { callee, arguments: args }: CallExpression,
): FunctionNode | undefined {
  const binding = callee.type === "Identifier" ? lookUp(scopes.around(callee), callee.name) : undefined;
  const [first, ...more] = args;
  if (!binding || more.length > 0) return undefined;
  if (first?.type === "NumericLiteral" || first?.type === "StringLiteral") {
    const [made, ...others] = references.functions(String(first.value));
    return others.length === 0 ? made : undefined;
  }
  const [value] = binding.values;
  const [object] = value?.type === "CallExpression" ? value.arguments : [];
  if (first || binding.values.length !== 1 || object?.type !== "ObjectExpression") return undefined;
  const [only, ...rest] = object.properties;
  const made = only?.type === "ObjectProperty" ? only.value : only;
  return rest.length === 0 && isFunction(made) ? made : undefined;
}

/** The expression that a module exports in the place of an object: `module.exports = expression`, and nothing else. */
function wholeOf({ body }: FunctionNode): Node | undefined {
  const [only, ...others] = body.type === "BlockStatement" ? body.body : [];
  const assigned = only?.type === "ExpressionStatement" ? only.expression : body;
  if (others.length > 0 || assigned.type !== "AssignmentExpression" || assigned.left.type !== "MemberExpression") {
    return undefined;
  }
  return assigned.right.type === "CallExpression" ? assigned.right : undefined;
}
