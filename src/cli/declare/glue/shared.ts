import type { Node } from "@babel/types";
import { type Binding, eachChild, lookUp, propertyName, type Scopes } from "./scope.ts";

/**
 * Finds the variables whose values are used in another way than by reading an element, or looking for one: something may
 * change such a value.
 *
 * @param program - The text.
 * @param scopes - Its names.
 */
export function sharedNames(program: Node, scopes: Scopes): ReadonlySet<Binding> {
  const shared = new Set<Binding>();
  const visit = (node: Node, parent: Node, outer: Node): void => {
    if (node.type === "Identifier" && !isRead(node, parent, outer)) {
      const binding = lookUp(scopes.around(node), node.name);
      if (binding) shared.add(binding);
    }
    eachChild(node, (child) => visit(child, node, parent));
  };
  visit(program, program, program);
  return shared;
}

/** Whether a name is declared there, is the name of a member, or stands before a member that is only read. */
function isRead(name: Node, parent: Node, outer: Node): boolean {
  switch (parent.type) {
    case "VariableDeclarator":
      return parent.id === name;
    case "AssignmentExpression":
      return parent.left === name;
    case "ObjectProperty":
      return parent.key === name && !parent.computed && !parent.shorthand;
    case "ExportSpecifier":
      return true;
    case "MemberExpression":
    case "OptionalMemberExpression": {
      if (parent.object !== name) return !parent.computed;
      const isTarget =
        (outer.type === "AssignmentExpression" && outer.left === parent) ||
        outer.type === "UpdateExpression" ||
        (outer.type === "UnaryExpression" && outer.operator === "delete") ||
        /Pattern|RestElement|ForOf|ForIn/.test(outer.type);
      const isCalled =
        (outer.type === "CallExpression" || outer.type === "OptionalCallExpression") && outer.callee === parent;
      return !isTarget && (!isCalled || propertyName(parent) === "indexOf");
    }
    default:
      return false;
  }
}
