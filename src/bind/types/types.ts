import { ownMembers } from "../../base/own.ts";
import { array, bytes } from "./arrays.ts";
import { bool } from "./bool.ts";
import { buffer, length } from "./buffer.ts";
import { closure } from "./closure.ts";
import type { Acceptance, Layout, Scalar, TypeDescription } from "./description.ts";
import { enumeration } from "./enumeration.ts";
import { chars, fixed } from "./fixed.ts";
import { js } from "./js.ts";
import { list } from "./list.ts";
import type { NodeOf, TypeNode } from "./node.ts";
import { numbers, size } from "./numbers.ts";
import { object, owned } from "./objects.ts";
import { optional } from "./optional.ts";
import { inout, out } from "./out.ts";
import { promise } from "./promise.ts";
import { record } from "./record.ts";
import { union } from "./union.ts";
import { char, cstring, string } from "./texts.ts";
import { nothing } from "./void.ts";

/** The description of each declared type. */
const descriptions: { readonly [Name in TypeNode["type"]]: TypeDescription<NodeOf<Name>> } = ownMembers({
  ...numbers,
  size,
  bool,
  char,
  string,
  cstring,
  bytes,
  void: nothing,
  js,
  array,
  list,
  optional,
  enumeration,
  object,
  owned,
  closure,
  promise,
  record,
  union,
  fixed,
  chars,
  out,
  inout,
  buffer,
  length,
});

/**
 * Returns the description of a type.
 *
 * @param type - Its name.
 */
export function descriptionOf(type: TypeNode["type"]): TypeDescription<TypeNode> {
  return descriptions[type];
}

/**
 * Whether a type of this name exists.
 *
 * @param name - Anything.
 */
export function isTypeName(name: unknown): name is TypeNode["type"] {
  return typeof name === "string" && Object.hasOwn(descriptions, name);
}

/**
 * Returns the text of a declared type in messages.
 *
 * @param node - The type.
 */
export function typeText(node: TypeNode): string {
  return descriptionOf(node.type).text(node, innerTypes(node).map(typeText));
}

/**
 * Returns the text of a declared signature in messages: `(string, Counter) -> u32`.
 *
 * @param params - The types of the parameters.
 * @param result - The type of the result; `undefined` for a constructor.
 */
export function declaredSignatureText(params: readonly TypeNode[], result: TypeNode | undefined): string {
  const list = `(${params.map(typeText).join(", ")})`;
  return result ? `${list} -> ${typeText(result)}` : `new ${list}`;
}

/**
 * Returns the requirements on a parameter of a type.
 *
 * @param node - The type.
 * @param isWide - Whether addresses have 64 bits.
 */
export function acceptanceOf(node: TypeNode, isWide: boolean): Acceptance {
  return descriptionOf(node.type).acceptance(node, isWide, acceptanceOf);
}

/**
 * Returns how a type of one ABI word crosses; `undefined` for any other. It is the same in every convention.
 *
 * @param node - The type.
 * @param isWide - Whether addresses have 64 bits.
 */
export function scalarOf(node: TypeNode, isWide: boolean): Scalar | undefined {
  return descriptionOf(node.type).scalar(node, isWide, scalarOf);
}

/**
 * Returns the layout of a type in memory.
 *
 * @param node - The type.
 * @param isWide - Whether addresses have 64 bits.
 * @returns `undefined` for a type that is neither a number, nor a text, nor a struct of these.
 */
export function layoutOf(node: TypeNode, isWide: boolean): Layout | undefined {
  return descriptionOf(node.type).layout(node, isWide, layoutOf);
}

/**
 * Whether a value lies in memory that is allocated for it and has to be freed.
 *
 * @param node - Its type.
 */
export function isAllocated(node: TypeNode): boolean {
  return node.type === "optional" ? isAllocated(node.item) : descriptionOf(node.type).isAllocated;
}

/**
 * Returns the types inside a type.
 *
 * @param node - The type.
 */
export function innerTypes(node: TypeNode): readonly TypeNode[] {
  return descriptionOf(node.type).inner(node);
}

/**
 * Returns the names of the classes that a type mentions.
 *
 * @param node - The type.
 */
export function classesIn(node: TypeNode): readonly string[] {
  if (node.type === "object" || node.type === "owned") return [node.class];
  return innerTypes(node).flatMap(classesIn);
}
