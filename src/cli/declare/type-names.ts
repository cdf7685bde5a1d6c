import type { Node, TSType } from "@babel/types";
import { keyText } from "./text.ts";

/** A type that cannot be printed, with the reason. */
export class Unsayable extends Error {}

/**
 * Prints the name of a member.
 *
 * @param member - The member.
 * @param member.key - Its name.
 * @param member.computed - Whether the name stands in brackets.
 */
export function keyOf({ key, computed }: { readonly key: Node; readonly computed?: boolean }): string {
  if (key.type === "StringLiteral") return keyText(key.value);
  if (key.type === "NumericLiteral") return String(key.value);
  if (key.type === "Identifier" && !computed) return keyText(key.name);
  // `[Symbol.iterator]`: a name of the language.
  if (computed && key.type === "MemberExpression" && key.object.type === "Identifier") {
    const { object, property } = key;
    if (object.name === "Symbol" && property.type === "Identifier") return `[Symbol.${property.name}]`;
  }
  throw new Unsayable("it has a name that is computed");
}

/**
 * Returns a type without its parentheses.
 *
 * @param node - The type.
 */
export function unwrapped(node: TSType): TSType {
  return node.type === "TSParenthesizedType" ? unwrapped(node.typeAnnotation) : node;
}

/**
 * Returns the name of a type parameter. The next version of Babel has an identifier there.
 *
 * @param name - The name.
 */
export function nameOfParameter(name: string | { readonly name: string }): string {
  return typeof name === "string" ? name : name.name;
}
