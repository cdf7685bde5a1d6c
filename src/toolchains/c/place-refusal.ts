import type { TypeNode } from "../../bind/types/node.ts";
import { innerTypes, layoutOf, typeText } from "../../bind/types/types.ts";

/**
 * Explains why a type has no place in memory.
 *
 * @param node - The type.
 * @param isWide - Whether addresses have 64 bits.
 * @returns `undefined` for a type that has one, and if there is nothing more to say.
 */
export function placeRefusal(node: TypeNode, isWide: boolean): string | undefined {
  for (const inner of innerTypes(node)) {
    const reason = placeRefusal(inner, isWide);
    if (reason !== undefined) return reason;
  }
  if (layoutOf(node, isWide)) return undefined;
  switch (node.type) {
    case "record": {
      if (!innerTypes(node).every((inner) => layoutOf(inner, isWide))) return undefined;
      return node.offsets
        ? `the fields of ${typeText(node)} overlap, or go beyond its size: declare members that share bytes as a t.union`
        : `the fields of ${typeText(node)} go beyond its size`;
    }
    case "union":
      return (
        `every member of ${typeText(node)} must be a number${isWide ? " other than t.size" : ""}, t.bool, t.chars, or a ` +
        "struct, union or t.fixed of these: any bytes must be a value of it, because all members are read"
      );
    default:
      return undefined;
  }
}
