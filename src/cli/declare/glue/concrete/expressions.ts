import type { Node } from "@babel/types";
import { keyOf, propertyName, symbolIn } from "../scope.ts";
import { builtinMember, getElement, longest, setElement } from "./builtins.ts";
import { expressionFor } from "./language.ts";
import { binary, holderOf, unaryOf } from "./operators.ts";
import { type Program, step } from "./state.ts";
import {
  Anything,
  Callable,
  type Environment,
  failure,
  List,
  Missing,
  primitive,
  SymbolValue,
  Thing,
  Unknown,
  type Value,
  variableOf,
  View,
} from "./values.ts";

/** Interprets an expression. */
export function evaluate(program: Program, node: Node, environment: Environment): Value {
  step(program);
  const of = (inner: Node): Value => evaluate(program, inner, environment);
  switch (node.type) {
    case "NumericLiteral":
    case "StringLiteral":
    case "BooleanLiteral":
      return node.value;
    case "BigIntLiteral":
      return BigInt(node.value);
    case "NullLiteral":
      return null;
    case "RegExpLiteral":
      return expressionFor(node.pattern);
    case "Identifier":
      return readName(program, node.name, environment);
    case "ThisExpression":
      return variableOf(environment, "this")?.value;
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return program.makeFunction(node, environment);
    case "ClassExpression":
      return program.makeClass(node, environment);
    case "ParenthesizedExpression":
      return of(node.expression);
    case "SequenceExpression":
      return node.expressions.map(of).at(-1);
    case "TemplateLiteral":
      return node.quasis
        .map(({ value }, at) => (value.cooked ?? "") + (node.expressions[at] ? shown(of(node.expressions[at])) : ""))
        .join("");
    case "ArrayExpression":
      return new List(argumentsOf(program, node.elements, environment));
    case "ObjectExpression":
      return makeRecord(program, node, environment);
    case "ConditionalExpression":
      return of(of(node.test) ? node.consequent : node.alternate);
    case "LogicalExpression": {
      const left = of(node.left);
      if (node.operator === "??") return left ?? of(node.right);
      return node.operator === "||" ? left || of(node.right) : left && of(node.right);
    }
    case "UnaryExpression":
      return unary(program, node, environment);
    case "BinaryExpression":
      if (node.left.type === "PrivateName") throw new Unknown();
      return binary(node.operator, of(node.left), of(node.right));
    case "AssignmentExpression": {
      if (node.operator === "=") return store(program, environment, node.left, of(node.right));
      const before = of(node.left);
      const operator = node.operator.slice(0, -1);
      if (operator === "??") return before ?? store(program, environment, node.left, of(node.right));
      if (operator === "||") return before || store(program, environment, node.left, of(node.right));
      if (operator === "&&") return before && store(program, environment, node.left, of(node.right));
      return store(program, environment, node.left, binary(operator, before, of(node.right)));
    }
    case "UpdateExpression": {
      const before = Number(primitive(of(node.argument)));
      const after = node.operator === "++" ? before + 1 : before - 1;
      store(program, environment, node.argument, after);
      return node.prefix ? after : before;
    }
    case "MemberExpression":
      return memberOf(of(node.object), keyIn(program, node, environment));
    case "CallExpression":
      return call(program, node, environment);
    case "NewExpression": {
      const callee = of(node.callee);
      if (!(callee instanceof Callable)) throw new Unknown();
      return callee.call(argumentsOf(program, node.arguments, environment), undefined, true);
    }
    default:
      throw new Unknown();
  }
}

function shown(value: Value): string {
  if (value instanceof SymbolValue) throw failure("TypeError", "a symbol is no text");
  return value instanceof Thing ? "[object]" : String(value);
}

function readName(program: Program, name: string, environment: Environment): Value {
  const found = variableOf(environment, name);
  if (found?.isUnknown) throw new Missing();
  if (found) return found.value;
  if (name === "undefined") return undefined;
  if (program.globals.has(name)) return program.globals.get(name);
  throw new Unknown();
}

function argumentsOf(program: Program, nodes: readonly (Node | null)[], environment: Environment): Value[] {
  return nodes.flatMap((one): Value[] => {
    if (one === null) return [undefined];
    if (one.type !== "SpreadElement") return [evaluate(program, one, environment)];
    const list = evaluate(program, one.argument, environment);
    if (!(list instanceof List)) throw new Unknown();
    return list.items;
  });
}

function call(program: Program, node: Extract<Node, { type: "CallExpression" }>, environment: Environment): Value {
  const { callee } = node;
  let self: Value;
  let called: Value;
  if (callee.type === "MemberExpression") {
    self = evaluate(program, callee.object, environment);
    called = memberOf(self, keyIn(program, callee, environment));
  } else called = evaluate(program, callee, environment);
  // Lists, texts and functions have more methods than the interpreter knows.
  const isKnown = !(self instanceof Thing) ? self === undefined : self.constructor === Thing;
  if (called === undefined && isKnown) throw failure("TypeError", "not a function");
  if (!(called instanceof Callable)) throw new Unknown();
  return called.call(argumentsOf(program, node.arguments, environment), self, false);
}

/** The name of a member, or the index of an element. */
function keyIn(
  program: Program,
  node: Extract<Node, { type: "MemberExpression" }>,
  environment: Environment,
): string | number {
  const name = propertyName(node) ?? (node.computed ? symbolIn(node.property) : undefined);
  if (name !== undefined) return name;
  if (node.property.type === "PrivateName") throw new Unknown();
  const key = primitive(evaluate(program, node.property, environment));
  return typeof key === "number" ? key : String(key);
}

function memberOf(of: Value, key: string | number): Value {
  if (of instanceof Anything) return of;
  if (of === undefined || of === null) throw failure("TypeError", "no object");
  if (typeof key === "number" || /^\d+$/.test(key)) {
    const at = Number(key);
    if (of instanceof List) return of.items[at];
    if (of instanceof View) return getElement(of, at);
    if (typeof of === "string") return of[at];
  }
  const name = String(key);
  const holder = of instanceof Thing ? holderOf(of, name) : undefined;
  if (!holder && of instanceof Thing && holderOf(of, `get ${name}`)) throw new Unknown();
  return holder ? holder.members.get(name) : builtinMember(of, name);
}

function unary(program: Program, node: Extract<Node, { type: "UnaryExpression" }>, environment: Environment): Value {
  const { operator, argument } = node;
  if (operator === "typeof" && argument.type === "Identifier") {
    const { name } = argument;
    if (!variableOf(environment, name) && !program.globals.has(name)) return "undefined";
  }
  return unaryOf(operator, evaluate(program, argument, environment));
}

/** Stores a value in a variable or a member. */
function store(program: Program, environment: Environment, target: Node, value: Value): Value {
  if (target.type !== "MemberExpression") return assignTo(program, environment, target, value);
  const of = evaluate(program, target.object, environment);
  const key = keyIn(program, target, environment);
  if (of instanceof View && typeof key === "number") setElement(of, key, value);
  else if (of instanceof List && typeof key === "number") {
    if (!Number.isInteger(key) || key < 0 || key > longest) throw new Unknown();
    while (of.items.length < key) of.items.push(undefined);
    of.items[key] = value;
  } else if (of instanceof Thing && !(of instanceof List)) of.members.set(String(key), value);
  else throw new Unknown();
  return value;
}

/** Assigns a value to a variable, or to those of a pattern. */
export function assignTo(program: Program, environment: Environment, target: Node, value: Value): Value {
  if (target.type === "Identifier") {
    const found = variableOf(environment, target.name);
    if (!found) throw new Unknown();
    found.value = value;
    found.isUnknown = false;
  } else if (target.type === "AssignmentPattern") {
    const given = value === undefined ? evaluate(program, target.right, environment) : value;
    assignTo(program, environment, target.left, given);
  } else if (target.type === "ObjectPattern") {
    for (const one of target.properties) {
      const name = one.type === "RestElement" ? undefined : propertyName(one);
      if (one.type === "RestElement" || name === undefined) throw new Unknown();
      assignTo(program, environment, one.value, memberOf(value, name));
    }
  } else throw new Unknown();
  return value;
}

/** Makes an object of a literal. */
function makeRecord(
  program: Program,
  node: Extract<Node, { type: "ObjectExpression" }>,
  environment: Environment,
): Thing {
  const made = new Thing();
  for (const one of node.properties) {
    const name = one.type === "SpreadElement" ? undefined : (propertyName(one) ?? keyOf(one) ?? symbolIn(one.key));
    if (one.type === "SpreadElement" || name === undefined) throw new Unknown();
    if (one.type === "ObjectMethod") {
      if (one.kind !== "method") throw new Unknown();
      made.members.set(name, program.makeFunction(one, environment));
    } else made.members.set(name, evaluate(program, one.value, environment));
  }
  return made;
}
