import type { Function as FunctionNode, Node } from "@babel/types";
import { type Effect, type Evaluation, evaluationOf, type Glue, type Helper, unlessTooLong } from "./evaluation.ts";
import { copiesIterators } from "./concrete/copies.ts";
import { doesItsTask } from "./concrete/tasks.ts";
import { isTypeof } from "./lowered.ts";
import type { Method } from "./members.ts";
import { type Binding, eachChild, lookUp, propertyName, type Scope } from "./scope.ts";
import { allParts, isConstant, type Term } from "./term.ts";
import { variable } from "./variables.ts";

/**
 * The task of a function with a loop, which is told from what the function does: it copies text, numbers or values into
 * memory and leaves their length in a variable, or it makes a list of the values whose handles are in memory. Other
 * functions have no task: the evaluator enters them.
 */
export function helperOf(glue: Glue, node: FunctionNode): Helper | undefined {
  if (glue.helpers.has(node)) return glue.helpers.get(node);
  glue.helpers.set(node, undefined);
  const { hasLoop, hasTypeof, hasIterator, assigned } = scan(glue, node);
  let helper: Helper | undefined;
  if (hasTypeof && node.params.length === 1 && isTypeof(glue, node)) helper = { kind: "typeof" };
  else if (hasLoop && hasIterator && node.params.length <= 2 && copiesIterators(glue, node)) helper = { kind: "copy" };
  else if (node.params.length >= 1 && !node.async && !node.generator && (hasLoop || assigned.length > 0)) {
    helper = unlessTooLong(() => taskOf(glue, node, assigned));
    if (helper && !doesItsTask(glue, node, helper)) helper = { kind: "faulty" };
  }
  glue.helpers.set(node, helper);
  return helper;
}

function taskOf(glue: Glue, node: FunctionNode, assigned: readonly Binding[]): Helper | undefined {
  const evaluation = evaluationOf(glue);
  const value: Term = { kind: "param", index: 0, name: "value" };
  const second: Term =
    assigned.length > 0 ? { kind: "export", name: "malloc" } : { kind: "param", index: 1, name: "length" };
  const result = glue.evaluator.callFunction(
    evaluation,
    { node, frame: undefined },
    [value, second, { kind: "export", name: "realloc" }],
    { kind: "this" },
  );
  const { effects } = evaluation;
  const lengths = assigned.filter((binding) => evaluation.outer.has(binding));
  if (lengths.length > 0 && result.kind === "pointer" && result.of.type === "array") {
    // A part or a copy of the array that has been changed is passed by no convention.
    if (result.of.value !== value || !lengths.every((one) => isLengthOf(evaluation, one, value))) return undefined;
    return { kind: "pass", type: "array", element: result.of.element, lengths };
  }
  if (lengths.length > 0 && effects.some((one) => one.kind === "wasm")) {
    const texts = effects.flatMap(encodedBy);
    if (texts.length > 0) {
      // A function that encodes another text, such as one in lower case, passes something else.
      return texts.every((one) => isTextOf(one, value)) && effects.every((one) => writesAsRead(one, value))
        ? { kind: "pass", type: "text", element: undefined, lengths }
        : undefined;
    }
    const handles = effects.flatMap((one) =>
      one.kind === "write" && one.value.kind === "handle" ? one.value.value : [],
    );
    if (handles.length > 0 && handles.every((one) => isElementOf(one, value))) {
      return { kind: "pass", type: "list", element: undefined, lengths };
    }
  }
  const lists = effects.some(
    (one) =>
      one.kind === "call" &&
      one.term.callee.kind === "member" &&
      one.term.callee.name === "push" &&
      one.term.callee.of.kind === "list" &&
      one.term.args.some((arg) => arg.kind === "handled" && [...allParts(arg)].includes(value)),
  );
  return lists && result.kind === "list" ? { kind: "list" } : undefined;
}

/** Whether a variable has the length of a list. */
function isLengthOf({ outer, values }: Evaluation, binding: Binding, list: Term): boolean {
  const cell = outer.get(binding);
  const length = cell && values.get(cell);
  return length?.kind === "member" && length.name === "length" && length.of === list;
}

/** The text that something encodes. */
function encodedBy(effect: Effect): readonly Term[] {
  if (effect.kind !== "call" || effect.term.callee.kind !== "member") return [];
  const { name, of } = effect.term.callee;
  if (name === "charCodeAt") return [of];
  // A Buffer writes UTF-8, if nothing else is asked of it.
  if (name === "write" && of.kind === "view" && effect.term.args.length === 3) return effect.term.args.slice(0, 1);
  if (!/^encode(Into)?$/.test(name)) return [];
  // Another object's method may encode anything.
  return of.kind === "encoder" ? effect.term.args.slice(0, 1) : [of];
}

/** Whether something writes the code of a character as it was read, if it writes what a text has. */
function writesAsRead(effect: Effect, text: Term): boolean {
  if (effect.kind !== "write" || ![...allParts(effect.value)].includes(text)) return true;
  const { value, guards } = effect;
  if (value.kind !== "call" || value.callee.kind !== "member" || value.callee.name !== "charCodeAt") return false;
  // Only characters of ASCII are one byte.
  return guards.some(
    (guard) =>
      guard.kind === "test" && [...allParts(guard.test)].includes(value) && isConstantPart(guard.test, 127, 128),
  );
}

function isConstantPart(term: Term, ...values: readonly number[]): boolean {
  return [...allParts(term)].some((one) => isConstant(one, ...values));
}

/** Whether a text is a value, or the rest of it. */
function isTextOf(text: Term, value: Term): boolean {
  if (text === value) return true;
  if (text.kind === "either") return isTextOf(text.then, value) && isTextOf(text.otherwise, value);
  if (text.kind !== "call" || text.callee.kind !== "member" || text.callee.name !== "slice") return false;
  return text.args.length === 1 && isTextOf(text.callee.of, value);
}

/** Whether a value is an element of a list. A loop is read once, with its first index. */
function isElementOf(one: Term, list: Term): boolean {
  return (
    (one.kind === "index" && one.of === list) || (one.kind === "member" && one.of === list && /^\d+$/.test(one.name))
  );
}

/** Whether a method gives its object away: it returns the address and leaves 0 in its place. */
export function isDestroyer(glue: Glue, method: Method): boolean {
  const evaluation = evaluationOf(glue);
  const result = unlessTooLong(() => glue.evaluator.callFunction(evaluation, method, [], { kind: "this" }));
  return (
    result?.kind === "member" &&
    result.of.kind === "this" &&
    evaluation.effects.some(
      (one) =>
        one.kind === "set" &&
        one.target.kind === "member" &&
        one.target.name === result.name &&
        isConstant(one.value, 0),
    )
  );
}

interface Scanned {
  readonly hasLoop: boolean;
  readonly hasTypeof: boolean;
  readonly hasIterator: boolean;
  readonly assigned: readonly Binding[];
}

/** Finds whether a function has a loop or asks for a type, and the variables outside of all functions that it counts in. */
function scan(glue: Glue, node: FunctionNode): Scanned {
  let hasLoop = false;
  let hasTypeof = false;
  let hasIterator = false;
  const assigned = new Set<Binding>();
  const evaluation = evaluationOf(glue, true);
  const visit = (one: Node, scope: Scope | undefined): void => {
    const inner = glue.scopes.of(one) ?? scope;
    if (/^(For(In|Of)?|While|DoWhile)Statement$/.test(one.type)) hasLoop = true;
    hasIterator ||= one.type === "MemberExpression" && propertyName(one) === "iterator";
    if (one.type === "UnaryExpression" && one.operator === "typeof") hasTypeof = true;
    if (one.type === "AssignmentExpression" && one.left.type === "Identifier") {
      const binding = lookUp(inner, one.left.name);
      if (binding && !isWithin(binding.scope, glue.scopes.of(node))) {
        const { kind } = variable(evaluation, binding);
        if (kind === "variable" || kind === "constant") assigned.add(binding);
      }
    }
    eachChild(one, (child) => visit(child, inner));
  };
  visit(node, glue.scopes.of(node));
  return { hasLoop, hasTypeof, hasIterator, assigned: [...assigned] };
}

function isWithin(scope: Scope, outer: Scope | undefined): boolean {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at === outer) return true;
  return false;
}
