import type { Node, TSEnumDeclaration } from "@babel/types";
import { docsOf } from "./docs.ts";
import type { DtsEnum } from "./dts-model.ts";

/** Expressions that are nested deeper are no values. */
const maximumDepth = 50;

/**
 * Reads an enumeration. A value that no constant expression states is NaN.
 *
 * @param declaration - The enumeration.
 * @param before - Its earlier declaration: TypeScript takes several of one name as one.
 */
export function readEnum(declaration: TSEnumDeclaration, before: DtsEnum | undefined): DtsEnum {
  const values = new Map(before?.values);
  const valueDocs = new Map(before?.valueDocs);
  const docs = docsOf(declaration) ?? before?.docs;
  let next = 0;
  for (const member of declaration.members) {
    const name = member.id.type === "Identifier" ? member.id.name : member.id.value;
    const value = member.initializer ? (valueOf(member.initializer, values, declaration.id.name) ?? Number.NaN) : next;
    if (typeof value === "number") next = value + 1;
    values.set(name, value);
    const memberDocs = docsOf(member);
    if (memberDocs !== undefined) valueDocs.set(name, memberDocs);
  }
  const isCounted = declaration.members.every(({ initializer }) => !initializer) && before?.isCounted !== false;
  return { name: declaration.id.name, ...(docs !== undefined && { docs }), values, valueDocs, isCounted };
}

type Value = number | string;

/** Computes what TypeScript computes by itself: literals, other members, and operators. */
function valueOf(node: Node, members: ReadonlyMap<string, Value>, own: string, depth = 0): Value | undefined {
  if (depth > maximumDepth) return undefined;
  const inner = (one: Node): Value | undefined => valueOf(one, members, own, depth + 1);
  switch (node.type) {
    case "NumericLiteral":
    case "StringLiteral":
      return node.value;
    case "TemplateLiteral":
      return node.expressions.length === 0 ? node.quasis[0]?.value.cooked : undefined;
    case "ParenthesizedExpression":
      return inner(node.expression);
    case "Identifier":
      return members.get(node.name);
    case "MemberExpression": {
      if (node.object.type !== "Identifier" || node.object.name !== own) return undefined;
      if (node.property.type === "StringLiteral") return members.get(node.property.value);
      return node.property.type === "Identifier" && !node.computed ? members.get(node.property.name) : undefined;
    }
    case "UnaryExpression": {
      const value = inner(node.argument);
      if (typeof value !== "number") return undefined;
      return node.operator === "-"
        ? -value
        : node.operator === "~"
          ? ~value
          : node.operator === "+"
            ? value
            : undefined;
    }
    case "BinaryExpression": {
      const [left, right] = [inner(node.left), inner(node.right)];
      if (left === undefined || right === undefined) return undefined;
      if (node.operator === "+" && typeof left === "string" && typeof right === "string") return left + right;
      return typeof left === "number" && typeof right === "number" ? computed(node.operator, left, right) : undefined;
    }
    default:
      return undefined;
  }
}

function computed(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return left % right;
    case "**":
      return left ** right;
    case "|":
      return left | right;
    case "&":
      return left & right;
    case "^":
      return left ^ right;
    case "<<":
      return left << right;
    case ">>":
      return left >> right;
    case ">>>":
      return left >>> right;
    default:
      return undefined;
  }
}
