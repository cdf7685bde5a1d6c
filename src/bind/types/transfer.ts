// How values of the types are posted between threads. It stands apart from their descriptions, which a thread that only posts
// has no use for. What is not named here is cloned.
import { memberOf } from "../../base/own.ts";
import type { JsType, ObjectType, OwnedType } from "../../public/index.ts";
import type { TypeNode } from "./node.ts";

/** What a declared type has in it that does not cross as it is. */
export type ConvertedNode = ObjectType | OwnedType | JsType;

/**
 * Converts what does not cross between threads as it is. Where it is is known by the declared type alone, so no data of a
 * user's can be taken for it; what is not of its declared type stays as it is, for the module's binder to refuse.
 *
 * @param node - The declared type.
 * @param value - The value.
 * @param convert - Converts one that does not cross.
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
      return convert(node, value);
    case "optional":
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

/** Converts the items of a list. One with holes is not what was declared, and may be of any length. */
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
 * Whether a function is somewhere in a type, in such a way that no value of it can be posted.
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
      // An optional one may be left out, and a list may be empty.
      return false;
  }
}

/**
 * Whether a type is that of a promise, or of none.
 *
 * @param node - The type.
 */
export function isPromise(node: TypeNode): boolean {
  return innermost(node).type === "promise";
}

/**
 * Whether a result is waited for. Of other types, an object with a method `then` is no promise.
 *
 * @param node - Its type.
 */
export function isAwaited(node: TypeNode): boolean {
  return ["promise", "js"].includes(innermost(node).type);
}

/**
 * Whether the module may write to what is passed, which then is posted back.
 *
 * @param node - Its type.
 */
export function isWrittenTo(node: TypeNode): boolean {
  const inner = innermost(node);
  return inner.type === "array" && inner.mutable === true;
}

/** A type, or what is in it where it is optional. */
function innermost(node: TypeNode): TypeNode {
  return node.type === "optional" ? innermost(node.item) : node;
}
