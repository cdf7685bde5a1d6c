import type { Function as FunctionNode, Node, Statement } from "@babel/types";
import {
  branch,
  copyValues,
  deepest,
  declareCell,
  either,
  type Evaluation,
  type Guard,
  happen,
  joined,
  step,
  TooLong,
  truthOf,
} from "./evaluation.ts";
import { assign, evaluate } from "./expressions.ts";
import { argumentsFrom, copiesArguments } from "./lowered.ts";
import { isFunction } from "./scope.ts";
import { constant, type Frame, nothing, type Term } from "./term.ts";

/** The results of a call of a function, with their conditions. */
interface Call {
  readonly returns: { readonly guards: readonly Guard[]; readonly value: Term }[];
  /** The last statement that left a block of a loop, if one did. */
  left?: "break" | "continue" | undefined;
  /** The number of conditions under which the call itself happens. */
  readonly outer: number;
}

/**
 * Evaluates a function as if it were called.
 *
 * @param evaluation - The evaluation.
 * @param called - The function.
 * @param args - The arguments, of which the last may be the spread list of all arguments that are not known.
 * @param self - Its `this`.
 * @returns Its result.
 */
export function callFunction(
  evaluation: Evaluation,
  { node, frame: outer }: { readonly node: FunctionNode; readonly frame: Frame | undefined },
  args: readonly Term[],
  self: Term,
): Term {
  step(evaluation);
  if (evaluation.depth >= deepest) throw new TooLong();
  // Generated functions run to their ends when they are called.
  if (node.async || node.generator || evaluation.glue.faulty.has(node)) happen(evaluation, node, { kind: "unknown" });
  evaluation.depth++;
  const { guards } = evaluation;
  const frame: Frame = { cells: new Map(), parent: outer };
  for (const one of [node, node.body]) {
    for (const { name } of evaluation.glue.scopes.of(one)?.bindings.values() ?? []) {
      declareCell(evaluation, frame, name, nothing);
    }
  }
  if (node.type !== "ArrowFunctionExpression") {
    declareCell(evaluation, frame, "this", self);
    declareCell(evaluation, frame, "arguments", argumentsFrom(args, 0));
  }
  if (node.type === "FunctionExpression" && node.id) {
    declareCell(evaluation, frame, node.id.name, { kind: "function", node, frame: outer });
  }
  node.params.forEach((param, at) => {
    if (param.type === "RestElement") assign(evaluation, frame, param.argument, argumentsFrom(args, at), true);
    else if (param.type !== "TSParameterProperty") {
      const name = param.type === "Identifier" ? param.name : `arg${at}`;
      assign(evaluation, frame, param, argumentAt(args, at, name), true);
    }
  });
  const call: Call = { returns: [], outer: guards.length };
  let result: Term;
  if (node.body.type === "BlockStatement") {
    const ends = runAll(evaluation, node.body.body, frame, call);
    if (!ends) call.returns.push({ guards: evaluation.guards, value: nothing });
    else if (call.returns.length === 0) evaluation.hasThrown = true;
    result = joinReturns(call);
  } else result = evaluate(evaluation, node.body, frame);
  evaluation.guards = guards;
  evaluation.depth--;
  // The caller gets a promise or an iterator.
  return node.async || node.generator ? { kind: "unknown", node } : result;
}

/** Returns an argument by its index. */
function argumentAt(args: readonly Term[], at: number, name: string): Term {
  const spread = args.findIndex(({ kind }) => kind === "spread");
  if (spread < 0 || at < spread) return args[at] ?? nothing;
  const { of } = args[spread] as Extract<Term, { kind: "spread" }>;
  const index = at - spread;
  if (of.kind === "arguments") return { kind: "param", index: of.from + index, name };
  return { kind: "index", of, at: constant(index) };
}

/** The value of a call that may return at several places. */
function joinReturns({ returns, outer }: Call): Term {
  let value = returns.at(-1)?.value ?? nothing;
  for (let at = returns.length - 2; at >= 0; at--) {
    const one = returns[at] as Call["returns"][number];
    const next = returns[at + 1];
    // The conditions of the later place say that this one was passed.
    const shared = one.guards.findIndex((guard, index) => index >= outer && next?.guards[index] !== guard);
    const own = shared < 0 ? [] : one.guards.slice(shared);
    value = own.reduceRight((result, guard) => choose(guard, result, value), one.value);
  }
  return value;
}

function choose(guard: Guard, value: Term, otherwise: Term): Term {
  if (guard.kind !== "test") return either({ kind: "caught" }, value, otherwise);
  return guard.is ? either(guard.test, value, otherwise) : either(guard.test, otherwise, value);
}

/** Runs statements. Returns whether they end the function. */
function runAll(evaluation: Evaluation, statements: readonly Statement[], frame: Frame, call: Call): boolean {
  for (const one of statements) {
    if (one.type === "FunctionDeclaration" && one.id) {
      declareCell(evaluation, frame, one.id.name, { kind: "function", node: one, frame, fields: new Map() });
    }
  }
  return statements.some((one) => run(evaluation, one, frame, call));
}

function block(evaluation: Evaluation, node: Statement, frame: Frame, call: Call): boolean {
  if (node.type !== "BlockStatement") return run(evaluation, node, frame, call);
  const inner: Frame = { cells: new Map(), parent: frame };
  for (const { name } of evaluation.glue.scopes.of(node)?.bindings.values() ?? []) {
    declareCell(evaluation, inner, name, nothing);
  }
  return runAll(evaluation, node.body, inner, call);
}

/** Runs a statement. Returns whether it ends the function. */
function run(evaluation: Evaluation, node: Statement, frame: Frame, call: Call): boolean {
  step(evaluation);
  switch (node.type) {
    case "ExpressionStatement":
      evaluate(evaluation, node.expression, frame);
      return throws(evaluation);
    case "VariableDeclaration":
      for (const { id, init } of node.declarations) {
        if (init) assign(evaluation, frame, id, evaluate(evaluation, init, frame), true);
        // Without it, a branch that assigns the variable would look like the only way.
        else if (node.kind !== "var" && id.type === "Identifier") declareCell(evaluation, frame, id.name, nothing);
      }
      return throws(evaluation);
    case "ReturnStatement": {
      const value = node.argument ? evaluate(evaluation, node.argument, frame) : nothing;
      if (!throws(evaluation)) call.returns.push({ guards: evaluation.guards, value });
      return true;
    }
    case "ThrowStatement":
      happen(evaluation, node, { kind: "throw", value: evaluate(evaluation, node.argument, frame) });
      return true;
    case "IfStatement": {
      const test = evaluate(evaluation, node.test, frame);
      const { guards } = evaluation;
      const { then, otherwise } = branch(evaluation, test, {
        then: () => block(evaluation, node.consequent, frame, call),
        otherwise: () => (node.alternate ? block(evaluation, node.alternate, frame, call) : false),
      });
      if (then === undefined) return otherwise ?? false;
      if (otherwise === undefined) return then;
      if (then !== otherwise) evaluation.guards = [...guards, { kind: "test", test, is: !then }];
      return then && otherwise;
    }
    case "BlockStatement":
      return block(evaluation, node, frame, call);
    case "TryStatement":
      return attempt(evaluation, node, frame, call);
    case "ForStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForOfStatement":
    case "ForInStatement":
      return loop(evaluation, node, frame, call);
    case "FunctionDeclaration":
    case "EmptyStatement":
      return false;
    case "ClassDeclaration":
      if (node.id) declareCell(evaluation, frame, node.id.name, { kind: "class", node, name: node.id.name });
      return false;
    case "BreakStatement":
    case "ContinueStatement":
      call.left = node.type === "BreakStatement" ? "break" : "continue";
      return true;
    default:
      if (node.type === "SwitchStatement") evaluate(evaluation, node.discriminant, frame);
      happen(evaluation, node, { kind: "unknown" });
      return false;
  }
}

/** Whether the calls of a statement return in no case. */
function throws(evaluation: Evaluation): boolean {
  const { hasThrown } = evaluation;
  evaluation.hasThrown = false;
  return hasThrown;
}

function attempt(
  evaluation: Evaluation,
  { block: tried, handler, finalizer }: Extract<Statement, { type: "TryStatement" }>,
  frame: Frame,
  call: Call,
): boolean {
  const { guards } = evaluation;
  const before = copyValues(evaluation);
  const returned = call.returns.length;
  let ends = block(evaluation, tried, frame, call);
  if (handler) {
    evaluation.hasHandler = true;
    const after = evaluation.values;
    const inner = evaluation.guards;
    const regular = call.returns.splice(returned);
    evaluation.values = before;
    evaluation.guards = [...guards, { kind: "caught" }];
    const scope: Frame = { cells: new Map(), parent: frame };
    if (handler.param) assign(evaluation, scope, handler.param, { kind: "caught" }, true);
    const handlerEnds = block(evaluation, handler.body, scope, call);
    const caught = evaluation.values;
    // A block that was left by an exception has the handler's results; else its own.
    if (ends && !handlerEnds) call.returns.push({ guards: [...guards, { kind: "caught" }], value: nothing });
    call.returns.push(...regular);
    evaluation.values = handlerEnds ? after : ends ? caught : joined(evaluation, { kind: "caught" }, caught, after);
    evaluation.guards = ends ? guards : inner;
    ends = ends && (handlerEnds || regular.length > 0);
  }
  if (finalizer) {
    const inner = evaluation.guards;
    evaluation.guards = guards;
    const [returns, effects] = [call.returns.length, evaluation.effects.length];
    const finallyEnds = block(evaluation, finalizer, frame, call);
    evaluation.guards = inner;
    // A result or an error would take the place of any other.
    const isOther = evaluation.effects
      .slice(effects)
      .some(({ kind, node: at }) => kind === "throw" && isIn(at, finalizer));
    if (finallyEnds || call.returns.length > returns || isOther) happen(evaluation, finalizer, { kind: "unknown" });
    return finallyEnds || ends;
  }
  return ends;
}

/** Whether a part of the text is in another one. A function that is called may be elsewhere. */
function isIn({ start }: Node, { start: from, end: to }: Node): boolean {
  return typeof start === "number" && start >= (from ?? 0) && start < (to ?? 0);
}

/**
 * Runs a loop: as often as its condition is known to hold, and otherwise once; what it then does is marked as repeated. Returns
 * whether it ends the function.
 */
function loop(evaluation: Evaluation, node: Statement & Node, frame: Frame, call: Call): boolean {
  const inner: Frame = { cells: new Map(), parent: frame };
  for (const { name } of evaluation.glue.scopes.of(node)?.bindings.values() ?? []) {
    declareCell(evaluation, inner, name, nothing);
  }
  if (node.type === "ForStatement" && node.init) {
    if (node.init.type === "VariableDeclaration") run(evaluation, node.init, inner, call);
    else evaluate(evaluation, node.init, inner);
  }
  if (copiesArguments(evaluation, node, inner)) return false;
  const { guards } = evaluation;
  for (let test = knownTest(evaluation, node, inner); test !== undefined; test = knownTest(evaluation, node, inner)) {
    if (!test || node.type !== "ForStatement") return false;
    const round: Call = { returns: call.returns, outer: call.outer };
    const returned = call.returns.length;
    const ends = block(evaluation, node.body, inner, round);
    // Several ways out of a round are not followed.
    if (!ends && (round.left || call.returns.length > returned)) happen(evaluation, node, { kind: "unknown" });
    evaluation.guards = guards;
    if (ends && round.left !== "continue") return round.left === undefined;
    if (node.update) evaluate(evaluation, node.update, inner);
  }
  evaluation.guards = [...guards, { kind: "loop" }];
  if ("test" in node && node.test && !isFunction(node)) evaluate(evaluation, node.test, inner);
  if (node.type === "ForOfStatement" || node.type === "ForInStatement") {
    const over = evaluate(evaluation, node.right, inner);
    const item: Term = { kind: "index", of: over, at: { kind: "unknown", node } };
    if (node.left.type === "VariableDeclaration") {
      const [first] = node.left.declarations;
      if (first) assign(evaluation, inner, first.id, item, true);
    } else assign(evaluation, inner, node.left, item, false);
  }
  if ("body" in node && "type" in (node.body as Node)) {
    const body = node.body as Statement;
    const before = copyValues(evaluation);
    block(evaluation, body, inner, call);
    evaluation.values = joined(evaluation, { kind: "unknown", node }, evaluation.values, before);
  }
  if (node.type === "ForStatement" && node.update) evaluate(evaluation, node.update, inner);
  evaluation.guards = guards;
  return false;
}

/** The outcome of the condition of a loop, if it is known and only variables of the function decide it. */
function knownTest(evaluation: Evaluation, node: Statement, frame: Frame): boolean | undefined {
  if (node.type !== "ForStatement" || node.test?.type !== "BinaryExpression" || !node.update) return undefined;
  const effects = evaluation.effects.length;
  const test = evaluate(evaluation, node.test, frame);
  evaluation.effects.length = effects;
  return test.kind === "constant" ? truthOf(test) : undefined;
}
