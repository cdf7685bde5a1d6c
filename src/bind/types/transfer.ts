// How declared values are posted between threads. It is separate from the types' descriptions, which a thread that only
// posts does not need. Types that are not named here are cloned.
import { memberOf } from "../../base/own.ts";
import type { JsType, ObjectType, OwnedType } from "../../public/index.ts";
import type { NodeOf, TypeNode } from "./node.ts";

/** The types that cannot be posted unchanged. */
export type ConvertedNode = ObjectType | OwnedType | JsType | NodeOf<"closure">;

/**
 * Converts the parts of a value that cannot be posted unchanged. The declared type alone locates them, so no user data can
 * be mistaken for one. A part that is not of its declared type stays unchanged, for the module's binder to refuse.
 *
 * @param node - The declared type.
 * @param value - The value.
 * @param convert - Converts one such part.
 */
export function convertDeclared(
  node: TypeNode,
  value: unknown,
  convert: (type: ConvertedNode, value: unknown) => unknown,
): unknown {
  if (value === undefined || value === null) return value;
  switch (node.type) {
    case "object":
    case "owned":
    case "js":
    case "closure":
      return convert(node, value);
    case "optional":
    case "inout":
      return convertDeclared(node.item, value, convert);
    case "promise":
      return convertDeclared(node.value, value, convert);
    case "list":
      return convertItems(value, node.item, convert);
    case "record":
      if (typeof value !== "object") return value;
      return Object.fromEntries(
        Object.entries(node.fields).map(([name, field]) => [
          name,
          convertDeclared(field, memberOf(value, name), convert),
        ]),
      );
    default:
      return value;
  }
}

/** Converts the items of a list. A list with holes was not declared so, and may have any length. */
function convertItems(
  list: unknown,
  node: TypeNode,
  convert: (type: ConvertedNode, value: unknown) => unknown,
): unknown {
  if (!Array.isArray(list)) return list;
  const items: unknown[] = Object.values(list);
  return items.length === list.length ? items.map((item) => convertDeclared(node, item, convert)) : list;
}

/**
 * Whether the caller passes a parameter: all except out parameters and lengths.
 *
 * @param node - Its type.
 */
export function isPassed(node: TypeNode): boolean {
  return node.type !== "out" && node.type !== "length" && !isLengthWritten(node);
}

/**
 * Returns the type of the value that the caller receives of a parameter; `undefined` if it only passes one.
 *
 * @param node - The parameter's type.
 */
export function receivedOf(node: TypeNode): TypeNode | undefined {
  if (node.type === "out" || node.type === "inout") return isLengthWritten(node) ? undefined : node.item;
  return innermost(node).type === "buffer" ? node : undefined;
}

/** Whether a parameter points to the length of another. */
function isLengthWritten(node: TypeNode): boolean {
  return (node.type === "out" || node.type === "inout") && node.item.type === "length";
}

/**
 * Whether every value of a type contains a function, so that none can be posted.
 *
 * @param node - The type.
 */
export function needsFunction(node: TypeNode): boolean {
  switch (node.type) {
    case "closure":
      return true;
    case "promise":
      return needsFunction(node.value);
    case "record":
      return Object.values(node.fields).some((field) => needsFunction(field));
    default:
      // An optional function may be left out, and a list may be empty.
      return false;
  }
}

/**
 * Whether a value of a type can contain a value of another type.
 *
 * @param node - The type.
 * @param wanted - The names of the other types.
 */
export function mayContain(node: TypeNode, wanted: readonly TypeNode["type"][]): boolean {
  if (wanted.includes(node.type)) return true;
  switch (node.type) {
    case "closure":
      return [...node.params, node.result].some((inner) => mayContain(inner, wanted));
    case "promise":
      return mayContain(node.value, wanted);
    case "record":
    case "union":
      return Object.values(node.fields).some((field) => mayContain(field, wanted));
    case "optional":
    case "list":
    case "out":
    case "inout":
    case "fixed":
      return mayContain(node.item, wanted);
    default:
      return false;
  }
}

/**
 * Whether a type is a promise, or an optional one.
 *
 * @param node - The type.
 */
export function isPromise(node: TypeNode): boolean {
  return innermost(node).type === "promise";
}

/**
 * Whether a result is awaited. For other types, an object with a method `then` is not a promise.
 *
 * @param node - Its type.
 */
export function isAwaited(node: TypeNode): boolean {
  return ["promise", "js"].includes(innermost(node).type);
}

/**
 * Whether the module may write to the argument, which is then posted back.
 *
 * @param node - Its type.
 */
export function isWrittenTo(node: TypeNode): boolean {
  const inner = innermost(node);
  return inner.type === "array" && inner.mutable === true;
}

/**
 * Returns the inner type of an optional type; any other type itself.
 *
 * @param node - The type.
 */
export function innermost(node: TypeNode): TypeNode {
  return node.type === "optional" ? innermost(node.item) : node;
}
