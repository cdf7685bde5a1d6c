import type { Function as FunctionNode, Node } from "@babel/types";
import { cellOf, type Evaluation, evaluationOf, type Glue, unlessTooLong, valueIn } from "./evaluation.ts";
import type { Binding } from "./scope.ts";
import { allParts, type Cell, type Frame, isConstant, nothing, type Term } from "./term.ts";

/**
 * The forms that compilers print for engines of before 2015. Only what has no simpler form is here: the helpers that make classes
 * are evaluated as any other function.
 */

/** The list of all arguments from an index on. */
export function argumentsFrom(args: readonly Term[], from: number): Term {
  const spread = args.findIndex(({ kind }) => kind === "spread");
  if (spread < 0) return { kind: "list", items: args.slice(from) };
  const rest = args[spread] as Extract<Term, { kind: "spread" }>;
  if (rest.of.kind === "arguments" && from >= spread) {
    return { kind: "arguments", from: rest.of.from + from - spread };
  }
  return from === 0 && args.length === 1 ? rest.of : { kind: "list", items: args.slice(from) };
}

/**
 * Whether a loop copies the arguments from an index on into a new list, as compilers print it for a rest parameter. If so, the
 * list is made.
 */
export function copiesArguments(evaluation: Evaluation, node: Node, frame: Frame): boolean {
  if (node.type !== "ForStatement" || node.update?.type !== "UpdateExpression" || node.update.operator !== "++") {
    return false;
  }
  const [only, ...others] = node.body.type === "BlockStatement" ? node.body.body : [node.body];
  const copy = only?.type === "ExpressionStatement" && others.length === 0 ? only.expression : undefined;
  if (copy?.type !== "AssignmentExpression" || copy.operator !== "=" || copy.left.type !== "MemberExpression")
    return false;
  const { left, right } = copy;
  if (left.object.type !== "Identifier" || !left.computed) return false;
  if (right.type !== "MemberExpression" || !right.computed) return false;
  const valueOf = (one: Node): Term => evaluation.glue.evaluator.evaluate(evaluation, one, frame);
  const cell = cellOf(frame, left.object.name);
  const index = valueOf(node.update.argument);
  const all = valueOf(right.object);
  if (!cell || !isConstant(index) || typeof index.value !== "number" || !isArguments(all)) return false;
  const isIndex = (one: Node): boolean => valueOf(one) === index;
  const place = valueOf(left.property);
  const target = valueOf(left.object);
  if (!isIndex(right.property) || !isConstant(place, 0) || !isNewList(target)) return false;
  if (node.test?.type !== "BinaryExpression" || node.test.operator !== "<" || !isIndex(node.test.left)) return false;
  if (!isLengthOf(valueOf(node.test.right), all)) return false;
  // It was made for as many values.
  const made = evaluation.effects.findIndex((one) => one.kind === "call" && one.term === target);
  if (made >= 0) evaluation.effects.splice(made, 1);
  evaluation.values.set(cell, argumentsFrom(spreadOut(all), index.value));
  return true;
}

type Arguments = Extract<Term, { kind: "list" | "arguments" }>;

function isArguments(term: Term): term is Arguments {
  return term.kind === "list" || term.kind === "arguments";
}

/** The arguments of a call that is given a list of them. */
export function spreadOut(all: Term): readonly Term[] {
  return all.kind === "list" ? all.items : [{ kind: "spread", of: all }];
}

function isLengthOf(length: Term, of: Arguments): boolean {
  if (of.kind === "list" && isConstant(length, of.items.length)) return true;
  return length.kind === "member" && length.name === "length" && length.of === of;
}

function isNewList(term: Term): boolean {
  if (term.kind === "list") return term.items.length === 0;
  return term.kind === "call" && term.callee.kind === "global" && term.callee.name === "Array";
}

/**
 * Calls a method of a list that is known, or one of the global classes' that changes nothing but the objects of the text.
 * Returns `undefined` for any other call.
 */
export function callKnown(evaluation: Evaluation, of: Term, name: string, args: readonly Term[]): Term | undefined {
  const [first = nothing, second = nothing, third] = args;
  if (isArguments(of) && name === "concat" && args.every(isArguments)) {
    return { kind: "list", items: [of, ...args].flatMap(spreadOut) };
  }
  // Array.prototype.slice.call(list)
  if (name === "call" && isArguments(first) && args.length === 1 && isArrayMethod(of, "slice")) return first;
  if (of.kind === "global" && of.name === "Array" && name === "isArray" && isArguments(first)) {
    return { kind: "constant", value: true };
  }
  if (of.kind === "global" && of.name === "Buffer" && name === "from" && first.kind === "buffer" && args.length === 1) {
    return { kind: "view", element: "u8" };
  }
  const isObject = of.kind === "global" && of.name === "Object";
  if (isObject && name === "defineProperty" && isConstant(second) && third?.kind === "record") {
    return define(evaluation, first, String(second.value), third);
  }
  return undefined;
}

function isArrayMethod(term: Term, name: string): boolean {
  if (term.kind !== "member" || term.name !== name) return false;
  const of = term.of.kind === "member" && term.of.name === "prototype" ? term.of.of : term.of;
  return (of.kind === "global" && of.name === "Array") || (of.kind === "list" && of.items.length === 0);
}

/** Gives a property to a class that is a function, or to its prototype. */
function define(
  evaluation: Evaluation,
  target: Term,
  name: string,
  { fields: stated }: Extract<Term, { kind: "record" }>,
): Term | undefined {
  const fields = target.kind === "function" || (target.kind === "record" && target.owner) ? target.fields : undefined;
  if (!fields) return undefined;
  for (const kind of ["get", "set"]) {
    const cell = stated.get(kind);
    if (cell && !isConstant(valueIn(evaluation, cell), undefined)) fields.set(`${kind} ${name}`, cell);
  }
  const value: Cell | undefined = stated.get("value");
  if (value) fields.set(name, value);
  return target;
}

/** The type of a value. */
export function typeOf(value: Term): Term {
  if (value.kind === "constant" && value.value !== null) return { kind: "constant", value: typeof value.value };
  if (value.kind === "function" || value.kind === "export") return { kind: "constant", value: "function" };
  return { kind: "operation", operator: "typeof", args: [value] };
}

/**
 * Whether a function returns the type of its argument, as `typeof` does: compilers print one for engines without symbols, which
 * may replace itself at its first call.
 */
export function isTypeof(glue: Glue, node: FunctionNode): boolean {
  const evaluation = evaluationOf(glue);
  const value: Term = { kind: "param", index: 0, name: "value" };
  const self: Term = { kind: "this" };
  const result = unlessTooLong(() =>
    glue.evaluator.callFunction(evaluation, { node, frame: undefined }, [value], self),
  );
  return result !== undefined && evaluation.effects.length === 0 && isTypeOf(result, value);
}

function isTypeOf(term: Term, value: Term): boolean {
  if (term.kind === "operation") return term.operator === "typeof" && term.args[0] === value;
  if (term.kind !== "either" || !isConstant(term.then, "symbol") || !isTypeOf(term.otherwise, value)) return false;
  // The symbols that a library makes in such engines are objects of its class.
  return [...allParts(term.test)].some(
    (one) =>
      one.kind === "operation" &&
      one.operator === "===" &&
      one.args[0]?.kind === "member" &&
      one.args[0].name === "constructor" &&
      one.args[0].of === value &&
      one.args[1]?.kind === "global" &&
      one.args[1].name === "Symbol",
  );
}

/** Whether a function is given another value by nothing but itself. */
export function replacesItself(glue: Glue, { declaration, values, isOpen }: Binding): boolean {
  if (declaration?.type !== "FunctionDeclaration" || isOpen) return false;
  const own = glue.scopes.of(declaration);
  return values.every((one) => {
    for (let at = glue.scopes.scopeOf(one); at; at = at.parent) if (at === own) return true;
    return false;
  });
}
