import type { Identifier } from "@babel/types";
import type { References } from "./references.ts";
import { type Binding, propertyName } from "./scope.ts";
import { writeTo } from "./writes.ts";

/**
 * Whether the value of a variable is used in another way than by reading an element, or looking for one: something may change
 * such a value.
 *
 * @param references - The uses of the names.
 * @param binding - The variable.
 */
export function isShared(references: References, binding: Binding): boolean {
  return references.of(binding).some((name) => !isOnlyRead(references, name));
}

/** Whether a name is exported, or stands before a member that is only read. */
function isOnlyRead(references: References, name: Identifier): boolean {
  const member = references.parentOf(name);
  switch (member?.type) {
    case "ExportSpecifier":
      return true;
    case "MemberExpression":
    case "OptionalMemberExpression": {
      const outer = references.parentOf(member);
      if (member.object !== name || !outer || writeTo(references, member)) return false;
      if (/Pattern|RestElement|ForOf|ForIn/.test(outer.type)) return false;
      const isCalled =
        (outer.type === "CallExpression" || outer.type === "OptionalCallExpression") && outer.callee === member;
      return !isCalled || propertyName(member) === "indexOf";
    }
    default:
      return false;
  }
}
