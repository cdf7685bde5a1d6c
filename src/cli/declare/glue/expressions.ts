import type { Node, ObjectExpression } from "@babel/types";
import { assignMember, callMember, callTerm, instanceOf, makeNew } from "./operations.ts";
import { branch, cellOf, declareCell, either, type Evaluation, happen, isObject, step, valueIn } from "./evaluation.ts";
import { typeOf } from "./lowered.ts";
import { indexOf, memberOf } from "./reads.ts";
import { binary, isTruth, negated, noneOf } from "./operands.ts";
import { keyOf, lookUp, propertyName, type Scope } from "./scope.ts";
import { moveStack } from "./stack.ts";
import { type Cell, constant, type Frame, isConstant, nothing, type Term } from "./term.ts";
import { assignVariable, variable } from "./variables.ts";

/** Evaluates an expression. */
export function evaluate(evaluation: Evaluation, node: Node, frame: Frame | undefined): Term {
  step(evaluation);
  const of = (inner: Node) => evaluate(evaluation, inner, frame);
  switch (node.type) {
    case "NumericLiteral":
    case "StringLiteral":
    case "BooleanLiteral":
      return constant(node.value);
    case "BigIntLiteral":
      return constant(BigInt(node.value));
    case "NullLiteral":
      return constant(null);
    case "Identifier":
      return readName(evaluation, node, frame);
    case "ThisExpression": {
      const cell = cellOf(frame, "this");
      // Outside of functions, a module has none.
      return cell ? valueIn(evaluation, cell) : evaluation.isStatic ? nothing : { kind: "this" };
    }
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return { kind: "function", node, frame, fields: new Map() };
    case "ClassExpression":
      return { kind: "class", node, name: node.id?.name ?? "" };
    case "ParenthesizedExpression":
    case "TSNonNullExpression":
      return of(node.expression);
    case "SequenceExpression":
      return node.expressions.map(of).at(-1) ?? nothing;
    case "TemplateLiteral":
      if (node.expressions.length === 0) return constant(node.quasis[0]?.value.cooked ?? "");
      return { kind: "operation", operator: "template", args: node.expressions.map(of) };
    case "ArrayExpression": {
      const items = argumentsOf(evaluation, node.elements, frame);
      const values = items.map((one) => (one.kind === "constant" ? one.value : undefined));
      const isTexts = values.length > 0 && values.every((one) => typeof one === "string");
      return isTexts ? { kind: "texts", values } : { kind: "list", items };
    }
    case "ObjectExpression":
      return record(evaluation, node, frame);
    case "ConditionalExpression": {
      const test = of(node.test);
      const { then, otherwise } = branch(evaluation, test, {
        then: () => of(node.consequent),
        otherwise: () => of(node.alternate),
      });
      return then && otherwise ? either(test, then, otherwise) : (then ?? otherwise ?? nothing);
    }
    case "LogicalExpression":
      return logical(evaluation, node, frame);
    case "UnaryExpression":
      return unary(evaluation, node, frame);
    case "BinaryExpression": {
      if (node.left.type === "PrivateName") return { kind: "unknown", node };
      const [left, right] = [of(node.left), of(node.right)];
      if (node.operator === "instanceof") return instanceOf(evaluation, left, right);
      if (node.operator === "in" && isConstant(left) && right.kind === "record" && !right.owner) {
        return constant(right.fields.has(String(left.value)));
      }
      return binary(node.operator, left, right);
    }
    case "AssignmentExpression": {
      if (node.operator === "=") {
        const value = of(node.right);
        return assign(evaluation, frame, node.left, value, false);
      }
      const operator = node.operator.slice(0, -1);
      if (operator === "||" || operator === "&&" || operator === "??") {
        return logicalAssignment(evaluation, node, operator, frame);
      }
      const value = binary(operator, of(node.left), of(node.right));
      return assign(evaluation, frame, node.left, value, false);
    }
    case "UpdateExpression": {
      const before = of(node.argument);
      if (before.kind === "stack-place" || isStackTop(evaluation, node.argument)) {
        moveStack(evaluation, node);
        const place: Term = { kind: "stack-place" };
        assign(evaluation, frame, node.argument, place, false);
        return place;
      }
      // A count of references is not followed.
      const after: Term =
        node.argument.type === "MemberExpression"
          ? { kind: "unknown", node }
          : binary(node.operator === "++" ? "+" : "-", before, constant(1));
      assign(evaluation, frame, node.argument, after, false);
      return node.prefix ? after : before;
    }
    case "MemberExpression":
    case "OptionalMemberExpression": {
      const object = of(node.object);
      const name = propertyName(node);
      if (name !== undefined) return memberOf(evaluation, object, name);
      if (node.property.type === "PrivateName") return { kind: "unknown", node };
      return indexOf(evaluation, object, of(node.property));
    }
    case "CallExpression":
    case "OptionalCallExpression": {
      // `import()` is no expression of its own.
      if (node.callee.type === "Import" || node.callee.type === "Super") return { kind: "unknown", node };
      const name = propertyName(node.callee);
      if (
        (node.callee.type === "MemberExpression" || node.callee.type === "OptionalMemberExpression") &&
        name !== undefined
      ) {
        const object = of(node.callee.object);
        return callMember(evaluation, node, object, name, argumentsOf(evaluation, node.arguments, frame));
      }
      return callTerm(evaluation, node, of(node.callee), argumentsOf(evaluation, node.arguments, frame));
    }
    case "NewExpression":
      return makeNew(evaluation, node, of(node.callee), argumentsOf(evaluation, node.arguments, frame));
    case "AwaitExpression":
      return { kind: "operation", operator: "await", args: [of(node.argument)] };
    case "TaggedTemplateExpression": {
      // Paths are printed as String.raw`…`.
      const [text] = node.quasi.quasis;
      const tag = of(node.tag);
      const isRaw = tag.kind === "member" && tag.name === "raw" && tag.of.kind === "global" && tag.of.name === "String";
      if (isRaw && text && node.quasi.expressions.length === 0) return constant(text.value.raw);
      happen(evaluation, node, { kind: "unknown" });
      return { kind: "unknown", node };
    }
    default:
      happen(evaluation, node, { kind: "unknown" });
      return { kind: "unknown", node };
  }
}

function isStackTop(evaluation: Evaluation, node: Node): boolean {
  return node.type === "Identifier" && lookUp(scopeAt(evaluation, node), node.name)?.isStackTop === true;
}

function argumentsOf(evaluation: Evaluation, nodes: readonly (Node | null)[], frame: Frame | undefined): Term[] {
  return nodes.flatMap((one): Term[] => {
    if (one === null) return [nothing];
    if (one.type !== "SpreadElement") return [evaluate(evaluation, one, frame)];
    const of = evaluate(evaluation, one.argument, frame);
    return of.kind === "list" ? [...of.items] : [{ kind: "spread", of }];
  });
}

function readName(evaluation: Evaluation, node: Extract<Node, { type: "Identifier" }>, frame: Frame | undefined): Term {
  const cell = cellOf(frame, node.name);
  if (cell) return valueIn(evaluation, cell);
  if (node.name === "undefined") return nothing;
  const scope: Scope | undefined = scopeAt(evaluation, node);
  const binding = lookUp(scope, node.name);
  if (!binding) return { kind: "global", name: node.name };
  const outer = evaluation.outer.get(binding);
  return (outer && evaluation.values.get(outer)) ?? variable(evaluation, binding);
}

/** The scope that a name stands in. */
export function scopeAt(evaluation: Evaluation, node: Node): Scope | undefined {
  return evaluation.glue.scopes.around(node);
}

function record(evaluation: Evaluation, node: ObjectExpression, frame: Frame | undefined): Term {
  const fields = new Map<string, Cell>();
  const term: Term = { kind: "record", fields };
  for (const one of node.properties) {
    if (one.type === "SpreadElement") {
      const of = evaluate(evaluation, one.argument, frame);
      if (of.kind !== "record" || of.owner) return { kind: "unknown", node };
      for (const [name, place] of of.fields) {
        const cell: Cell = { name };
        fields.set(name, cell);
        (evaluation.isStatic ? evaluation.glue.base : evaluation.values).set(cell, valueIn(evaluation, place));
      }
      continue;
    }
    const name = propertyName(one) ?? keyOf(one);
    if (name === undefined) return { kind: "unknown", node };
    const cell: Cell = { name };
    fields.set(name, cell);
    const value: Term =
      one.type === "ObjectMethod" ? { kind: "function", node: one, frame } : evaluate(evaluation, one.value, frame);
    (evaluation.isStatic ? evaluation.glue.base : evaluation.values).set(cell, value);
  }
  return term;
}

function logical(
  evaluation: Evaluation,
  { operator, left, right }: Extract<Node, { type: "LogicalExpression" }>,
  frame: Frame | undefined,
): Term {
  const first = evaluate(evaluation, left, frame);
  const test = operator === "??" ? binary("==", first, constant(null)) : first;
  const isOr = operator !== "&&";
  const needsRight = operator === "||" ? negated(test) : test;
  const { then: second } = branch(evaluation, needsRight, {
    then: () => evaluate(evaluation, right, frame),
    otherwise: () => first,
  });
  if (second === undefined) return first;
  if (operator === "??") return either(test, second, first);
  if (isOr) {
    const none = noneOf(first, second);
    if (none) return none;
  } else {
    // `x !== undefined && x !== null`
    const none = noneOf(negated(first), negated(second));
    if (none) return negated(none);
  }
  if (needsRight.kind === "constant" || isObject(needsRight)) return second;
  return { kind: "operation", operator, args: [first, second] };
}

/** Assigns only if the variable has, or has not, a value. */
function logicalAssignment(
  evaluation: Evaluation,
  { left, right }: Extract<Node, { type: "AssignmentExpression" }>,
  operator: "||" | "&&" | "??",
  frame: Frame | undefined,
): Term {
  const before = evaluate(evaluation, left, frame);
  const test = operator === "??" ? binary("==", before, constant(null)) : before;
  const needsRight = operator === "||" ? negated(test) : test;
  const { then, otherwise } = branch(evaluation, needsRight, {
    then: () => assign(evaluation, frame, left, evaluate(evaluation, right, frame), false),
    otherwise: () => before,
  });
  return then && otherwise ? either(needsRight, then, otherwise) : (then ?? otherwise ?? before);
}

function unary(
  evaluation: Evaluation,
  node: Extract<Node, { type: "UnaryExpression" }>,
  frame: Frame | undefined,
): Term {
  const { operator, argument } = node;
  const value = evaluate(evaluation, argument, frame);
  switch (operator) {
    case "void":
      return nothing;
    case "!":
      return negated(value);
    case "-":
      if (value.kind === "constant" && typeof value.value === "number") return constant(-value.value);
      if (value.kind === "constant" && typeof value.value === "bigint") return constant(-value.value);
      break;
    case "+":
      // A minifier prints `test ? 1 : 0` so.
      if (isTruth(value)) return either(value, constant(1), constant(0));
      break;
    case "typeof":
      return typeOf(value);
    case "delete":
      happen(evaluation, node, { kind: "delete", target: value });
      return constant(true);
    default:
  }
  return { kind: "operation", operator, args: [value] };
}

/**
 * Assigns a value.
 *
 * @param evaluation - The evaluation.
 * @param frame - The variables.
 * @param target - The target: a variable, a member, or a pattern of them.
 * @param value - The value.
 * @param isDeclaration - Whether the variables are declared by this.
 */
export function assign(
  evaluation: Evaluation,
  frame: Frame | undefined,
  target: Node,
  value: Term,
  isDeclaration: boolean,
): Term {
  switch (target.type) {
    case "Identifier": {
      const cell = cellOf(frame, target.name);
      if (cell) evaluation.values.set(cell, value);
      else if (isDeclaration && frame) declareCell(evaluation, frame, target.name, value);
      else {
        const binding = lookUp(scopeAt(evaluation, target), target.name);
        if (binding) return assignVariable(evaluation, binding, value);
      }
      return value;
    }
    case "MemberExpression": {
      const object = evaluate(evaluation, target.object, frame);
      const name = propertyName(target);
      if (name !== undefined) assignMember(evaluation, target, object, name, value);
      else if (target.property.type !== "PrivateName") {
        assignMember(evaluation, target, object, evaluate(evaluation, target.property, frame), value);
      }
      return value;
    }
    case "AssignmentPattern": {
      const { then, otherwise } = branch(evaluation, binary("===", value, nothing), {
        then: () => evaluate(evaluation, target.right, frame),
        otherwise: () => value,
      });
      // A default value of `undefined` is none.
      const given =
        then && otherwise && !isConstant(then, undefined)
          ? either(binary("===", value, nothing), then, otherwise)
          : (otherwise ?? then ?? nothing);
      return assign(evaluation, frame, target.left, given, isDeclaration);
    }
    case "ArrayPattern":
      target.elements.forEach((one, at) => {
        if (one) assign(evaluation, frame, one, indexOf(evaluation, value, constant(at)), isDeclaration);
      });
      return value;
    case "ObjectPattern":
      for (const one of target.properties) {
        const name = one.type === "RestElement" ? undefined : propertyName(one);
        if (one.type === "RestElement" || name === undefined) happen(evaluation, target, { kind: "unknown" });
        else assign(evaluation, frame, one.value, memberOf(evaluation, value, name), isDeclaration);
      }
      return value;
    default:
      happen(evaluation, target, { kind: "unknown" });
      return value;
  }
}
