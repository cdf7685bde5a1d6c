import type { AssignmentExpression, Node } from "@babel/types";
import { eachChild, keyOf, lookUp, propertyName, type Scopes, symbolIn } from "./scope.ts";

/** Something that a text changes of a class after its definition. */
export interface Patch {
  /** The class. */
  readonly of: Node;
  /** Whether it is a member of objects, and not of the class itself. */
  readonly isMethod: boolean;
  /** The member; absent if it may be any. */
  readonly name: string | undefined;
  /** The code that changes it. */
  readonly node: Node;
}

interface Target {
  readonly of: Node;
  readonly isPrototype: boolean;
}

/** How many names lead from one to the next, at most. */
const mostAliases = 8;

/**
 * Finds the members that a text gives to classes after their definitions: by an assignment, or by `Object.defineProperty`,
 * `Object.assign` and their like.
 *
 * @param program - The text.
 * @param scopes - Its names.
 */
export function findPatches(program: Node, scopes: Scopes): readonly Patch[] {
  const patches: Patch[] = [];
  const visit = (node: Node): void => {
    if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression") {
      const target = targetOf(node.left.object, scopes);
      if (target && !isDisposal(node) && node.left.property.type !== "PrivateName") {
        add(target, propertyName(node.left) ?? symbolIn(node.left.property), node);
      }
    } else if (node.type === "CallExpression") {
      const [first, second] = node.arguments;
      const method = objectMethod(node.callee, scopes);
      const target = method !== undefined && first ? targetOf(first, scopes) : undefined;
      if (method !== undefined && target) for (const name of namesIn(method, second)) add(target, name, node);
    }
    eachChild(node, visit);
  };
  const add = ({ of, isPrototype }: Target, name: string | undefined, node: Node): void => {
    // Bundlers keep the name of a class so.
    if (isPrototype || name !== "name") patches.push({ of, isMethod: isPrototype, name, node });
  };
  visit(program);
  return patches;
}

/** The class, or its prototype, that an expression names. */
function targetOf(node: Node, scopes: Scopes, depth = 0): Target | undefined {
  if (depth > mostAliases) return undefined;
  if (node.type === "MemberExpression" && propertyName(node) === "prototype") {
    const target = targetOf(node.object, scopes, depth + 1);
    return target && !target.isPrototype ? { ...target, isPrototype: true } : undefined;
  }
  if (node.type !== "Identifier") return undefined;
  const binding = lookUp(scopes.around(node), node.name);
  const value = binding?.declaration ?? (binding?.values.length === 1 ? binding.values[0] : undefined);
  if (!value) return undefined;
  if (value.type === "ClassDeclaration" || value.type === "ClassExpression") return { of: value, isPrototype: false };
  return targetOf(value, scopes, depth + 1);
}

/** The name of a method of `Object` or `Reflect`. */
function objectMethod(callee: Node, scopes: Scopes): string | undefined {
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return undefined;
  const { name } = callee.object;
  const isGlobal = /^(Object|Reflect)$/.test(name) && !lookUp(scopes.around(callee.object), name);
  return isGlobal ? propertyName(callee) : undefined;
}

/** The members that a call of such a method changes. */
function namesIn(method: string, argument: Node | undefined): readonly (string | undefined)[] {
  if (method === "defineProperty" || method === "set") {
    if (argument?.type === "StringLiteral") return [argument.value];
    return [argument && symbolIn(argument)];
  }
  if (method === "setPrototypeOf") return [undefined];
  if (method !== "assign" && method !== "defineProperties") return [];
  if (argument?.type !== "ObjectExpression") return [undefined];
  return argument.properties.map((one) => keyOf(one));
}

/** `Class.prototype[Symbol.dispose] = Class.prototype.free` is generated. */
function isDisposal({ left, right }: AssignmentExpression): boolean {
  if (left.type !== "MemberExpression" || symbolIn(left.property) !== "[Symbol.dispose]") return false;
  return right.type === "MemberExpression" && propertyName(right) === "free";
}
