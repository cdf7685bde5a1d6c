import type { Function as FunctionNode, Node } from "@babel/types";
import type { Shape } from "../../../public/index.ts";
import { CommandError } from "../../command-error.ts";
import type { Parsed } from "../parse.ts";
import { plainWord } from "./memory.ts";
import type { References } from "./references.ts";
import type { Binding, Scopes } from "./scope.ts";
import { type Cell, type Element, type Frame, isConstant, isSame, nothing, type Term } from "./term.ts";

/** A condition under which something happens. */
export type Guard =
  { readonly kind: "test"; readonly test: Term; readonly is: boolean } | { readonly kind: "caught" | "loop" };

/** Something that a function does to the outside. */
export type Effect = { readonly guards: readonly Guard[]; readonly node: Node } & (
  | {
      readonly kind: "wasm";
      /** The export; or the index in the function table. */
      readonly callee: string | number;
      readonly args: readonly Term[];
      readonly result: Term;
    }
  | {
      readonly kind: "call";
      readonly term: Extract<Term, { kind: "call" }>;
      /** The variables at that time, for the functions among the arguments. */
      readonly values?: Map<Cell, Term>;
    }
  | { readonly kind: "set"; readonly target: Term; readonly value: Term }
  | { readonly kind: "delete"; readonly target: Term }
  | { readonly kind: "write"; readonly element: Element; readonly address: Term; readonly value: Term }
  /** A handle is given back. */
  | { readonly kind: "drop"; readonly word: Term }
  | { readonly kind: "throw"; readonly value: Term }
  | { readonly kind: "unknown" }
);

/** The generated JavaScript of one module. */
export interface Glue {
  readonly parsed: Parsed;
  readonly scopes: Scopes;
  /** The variable that holds the module's exports. */
  readonly exports: Binding | undefined;
  /** The values of the variables outside of functions, as far as they have been needed. */
  readonly variables: Map<Binding, Term>;
  readonly base: Map<Cell, Term>;
  /** The module, if it is at hand. */
  readonly shape: Shape | undefined;
  /** The names of the classes for the outside. */
  readonly classNames: Map<Node, string>;
  /** The members that hold the addresses of objects, by their classes. */
  readonly pointers: Map<Node, string>;
  /** How many steps may still be taken. */
  readonly budget: { left: number };
  /** The tasks of the functions that have loops. */
  readonly helpers: Map<Node, Helper | undefined>;
  readonly evaluator: Evaluator;
  /** The helpers that do something else than their outlines say. */
  faulty: ReadonlySet<Node>;
  /** The places of the text where values are read by name. */
  readonly references: References;
  /** The objects that the text fills with definitions, by the variables that hold them. */
  readonly namespaces: ReadonlyMap<Binding, Namespace>;
}

/** The definitions of an object, by name. */
export type Namespace = ReadonlyMap<string, readonly Node[]>;

/** The two steps that every other step may lead back to. */
export interface Evaluator {
  /** Evaluates an expression. */
  evaluate(evaluation: Evaluation, node: Node, frame: Frame | undefined): Term;
  /** Calls a function. */
  callFunction(
    evaluation: Evaluation,
    callee: { readonly node: FunctionNode; readonly frame: Frame | undefined },
    args: readonly Term[],
    self: Term,
  ): Term;
}

/** The task of a function that the evaluator does not enter. */
export type Helper =
  | {
      readonly kind: "pass";
      readonly type: "text" | "array" | "list";
      readonly element: Element | undefined;
      /** The variables that it leaves the length in. */
      readonly lengths: readonly Binding[];
    }
  | { readonly kind: "list" }
  /** It makes a list of what another list has. */
  | { readonly kind: "copy" }
  /** It has the outline of another one, and does something else. */
  | { readonly kind: "faulty" }
  /** It returns the type of its argument. */
  | { readonly kind: "typeof" };

/** A step of the stack of handles: it grows by a value that is lent, or loses one. */
export interface StackMove {
  readonly kind: "push" | "pop" | "other";
  /** The number of effects before it. */
  readonly at: number;
  readonly guards: readonly Guard[];
  readonly node: Node;
}

/** One evaluation of a function, with the functions that it calls. */
export interface Evaluation {
  readonly glue: Glue;
  /** Whether it is about the value of a variable outside of functions. */
  readonly isStatic: boolean;
  readonly effects: Effect[];
  /** The steps of the stack of handles, of which each that lends a value must be taken back after the call. */
  readonly stackMoves: StackMove[];
  values: Map<Cell, Term>;
  guards: readonly Guard[];
  /** Variables outside of functions that were assigned to. */
  readonly outer: Map<Binding, Cell>;
  /** The classes that objects were checked to have. */
  readonly classes: { readonly of: Term; readonly class: Extract<Term, { kind: "class" }> }[];
  /** Whether something catches exceptions. */
  hasHandler: boolean;
  /** Whether a function that was called returns in no case. */
  hasThrown: boolean;
  depth: number;
  steps: number;
}

/** More steps than any function of generated JavaScript takes. */
const mostSteps = 30_000;
/** Deeper calls than those of generated JavaScript. */
export const deepest = 24;

/** The evaluator gives up on a function. */
export class TooLong extends Error {}

/** Returns the result of an evaluation; `undefined` if the evaluator gives up on it. */
export function unlessTooLong<Result>(evaluate: () => Result): Result | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof TooLong) return undefined;
    throw error;
  }
}

/** More steps than all functions of the largest known text take, by far. */
export const mostStepsInAll = 50_000_000;

/** Counts the steps of an evaluation, which must come to an end. */
export function step(evaluation: Evaluation, count = 1): void {
  evaluation.steps += count;
  if (evaluation.steps > mostSteps) throw new TooLong();
  const { budget, parsed } = evaluation.glue;
  budget.left -= count;
  if (budget.left < 0) throw new CommandError(`${parsed.name} is too large to be read.`);
}

/** Copies the variables. Large copies count as steps. */
export function copyValues(evaluation: Evaluation): Map<Cell, Term> {
  step(evaluation, 1 + (evaluation.values.size >> 4));
  return new Map(evaluation.values);
}

/** Begins an evaluation. */
export function evaluationOf(glue: Glue, isStatic = false): Evaluation {
  return {
    glue,
    isStatic,
    effects: [],
    stackMoves: [],
    values: new Map(),
    guards: [],
    outer: new Map(),
    classes: [],
    hasHandler: false,
    hasThrown: false,
    depth: 0,
    steps: 0,
  };
}

/** An effect without what holds for all effects. */
export type Happening = Effect extends infer One ? (One extends Effect ? Omit<One, "guards" | "node"> : never) : never;

/** Records an effect. */
export function happen(evaluation: Evaluation, node: Node, effect: Happening): void {
  evaluation.effects.push({ ...effect, guards: evaluation.guards, node });
}

/** Reads a cell. */
export function valueIn(evaluation: Evaluation, cell: Cell): Term {
  return evaluation.values.get(cell) ?? evaluation.glue.base.get(cell) ?? nothing;
}

/** Finds the cell of a variable. */
export function cellOf(frame: Frame | undefined, name: string): Cell | undefined {
  for (let at = frame; at; at = at.parent) {
    const cell = at.cells.get(name);
    if (cell) return cell;
  }
  return undefined;
}

/** Declares a variable. */
export function declareCell(evaluation: Evaluation, frame: Frame, name: string, value: Term): void {
  let cell = frame.cells.get(name);
  if (!cell) frame.cells.set(name, (cell = { name }));
  evaluation.values.set(cell, value);
}

/** Puts a term in place of another one in all variables. */
export function replace(evaluation: Evaluation, old: Term, by: Term): void {
  for (const [cell, value] of evaluation.values) if (plainWord(value) === old) evaluation.values.set(cell, by);
}

/** Makes a choice between two values, without a test whose outcome is known or does not matter. */
export function either(test: Term, then: Term, otherwise: Term): Term {
  const known = truthOf(test);
  if (known !== undefined) return known ? then : otherwise;
  if (isSame(then, otherwise)) return then;
  // `x === 1 ? 1 : x`
  if (test.kind === "operation" && test.operator === "===" && then.kind === "constant") {
    const [left = nothing, right = nothing] = test.args;
    if (isSame(right, then) && isSame(left, otherwise)) return otherwise;
  }
  if (test.kind === "operation" && test.operator === "!") return either(test.args[0] ?? nothing, otherwise, then);
  return { kind: "either", test, then, otherwise };
}

/** Whether a value is true, if that is known. */
export function truthOf(term: Term): boolean | undefined {
  if (term.kind === "constant") return Boolean(term.value);
  return isObject(term) ? true : undefined;
}

/** Whether a value is certainly an object or a function. */
export function isObject({ kind }: Term): boolean {
  return /^(function|class|exports|export|record|list|arguments|instance|heap|view|registry|encoder|decoder|items|copy)$/.test(
    kind,
  );
}

/**
 * Takes both ways of a branch and joins what they leave behind.
 *
 * @param evaluation - The evaluation.
 * @param test - The condition.
 * @param ways - The two ways; each returns whether it ends the function, and its value.
 */
export function branch<Outcome>(
  evaluation: Evaluation,
  test: Term,
  ways: { readonly then: () => Outcome; readonly otherwise: () => Outcome },
): { readonly then?: Outcome; readonly otherwise?: Outcome } {
  const known = truthOf(test);
  if (known === true) return { then: ways.then() };
  if (known === false) return { otherwise: ways.otherwise() };
  const { guards, values } = evaluation;
  const along = (is: boolean, way: () => Outcome) => {
    evaluation.values = values;
    evaluation.values = copyValues(evaluation);
    evaluation.guards = [...guards, { kind: "test", test, is }];
    evaluation.hasThrown = false;
    const outcome = way();
    return { outcome, values: evaluation.values, throws: evaluation.hasThrown };
  };
  const then = along(true, ways.then);
  const otherwise = along(false, ways.otherwise);
  evaluation.guards = guards;
  evaluation.hasThrown = then.throws && otherwise.throws;
  evaluation.values = then.values;
  const ends = {
    then: then.outcome === true || then.throws,
    otherwise: otherwise.outcome === true || otherwise.throws,
  };
  if (ends.then && !ends.otherwise) evaluation.values = otherwise.values;
  else if (ends.then || !ends.otherwise) {
    evaluation.values = joined(evaluation, test, then.values, otherwise.values);
  }
  return { then: then.outcome, otherwise: otherwise.outcome };
}

/** Joins the variables of two ways. A variable of the file that only one way assigns to has its old value in the other. */
export function joined(
  { glue: { base } }: Evaluation,
  test: Term,
  then: Map<Cell, Term>,
  otherwise: Map<Cell, Term>,
): Map<Cell, Term> {
  const all = new Map(then);
  for (const cell of new Set([...then.keys(), ...otherwise.keys()])) {
    const [one, other] = [then.get(cell) ?? base.get(cell), otherwise.get(cell) ?? base.get(cell)];
    const value = one && other ? (one === other ? one : either(test, one, other)) : (one ?? other);
    if (value) all.set(cell, value);
  }
  return all;
}

/** The values that a term may have. */
export function leavesOf(term: Term): Term[] {
  const leaves: Term[] = [];
  const seen = new Set<Term>();
  const open = [term];
  for (let next = open.pop(); next && leaves.length < 100; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.kind === "either") open.push(next.then, next.otherwise);
    else if (next.kind === "operation" && /^(\|\||&&|\?\?)$/.test(next.operator)) open.push(...next.args);
    else if (!isConstant(next, null, undefined)) leaves.push(next);
  }
  return leaves;
}

/** Whether a member holds the address of an object, as far as the way that objects are freed tells. */
export function isPointer({ pointers }: Glue, { node }: Extract<Term, { kind: "class" }>, name: string): boolean {
  const pointer = pointers.get(node);
  return pointer === undefined || pointer === name;
}

/** The name of a class: the one that it is exported by, if it is. */
export function classNameOf({ classNames }: Glue, { node, name }: Extract<Term, { kind: "class" }>): string {
  return classNames.get(node) ?? name;
}
