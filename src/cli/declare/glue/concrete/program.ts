import type { Function as FunctionNode, Statement } from "@babel/types";
import { isFunction, type Scope, type Scopes } from "../scope.ts";
import { type Engine, globalsFor } from "./builtins.ts";
import { makeClass } from "./classes.ts";
import { assignTo, evaluate } from "./expressions.ts";
import type { Registrations } from "./registries.ts";
import { type Program, step } from "./state.ts";
import { Callable, type Environment, List, Thing, Thrown, Unknown, type Value } from "./values.ts";

/** Deeper calls than those of generated JavaScript. */
const deepest = 50;

/** How a statement ended, if not at its end. */
type Completion =
  { readonly kind: "return"; readonly value: Value } | { readonly kind: "break" | "continue" } | undefined;

/**
 * Starts a program: runs the statements of a scope and of those around it. A statement that does something unknown, such as
 * one that loads the module, has no effect.
 */
export function startProgram(scopes: Scopes, inside: Scope, engine: Engine): Program {
  const registrations: Registrations = { known: [], ended: [] };
  const program: Program = {
    scopes,
    globals: globalsFor(engine, registrations),
    registrations,
    environments: new Map(),
    makeFunction: (node, environment) => makeFunction(program, node, environment),
    makeClass: (node, environment) => makeClass(program, node, environment),
    steps: 0,
    depth: 0,
  };
  const start = (scope: Scope): Environment => {
    const environment: Environment = {
      variables: new Map(),
      parent: scope.parent && start(scope.parent),
    };
    program.environments.set(scope, environment);
    const node = scope.node;
    const body = isFunction(node) ? node.body : node;
    declareAll(scope, environment);
    for (const { name, declaration, imported, isOpen, values } of scope.bindings.values()) {
      const known = imported && /^(node:)?util$/.test(imported.module) && program.globals.get(imported.name);
      // Others get their values later, or are parameters that nobody passes here, or names of other modules.
      const isLater = isOpen || values.length > 0 || declaration?.type === "ClassDeclaration";
      const isUnknown = !known && (imported !== undefined || isLater);
      environment.variables.set(name, { value: known, isUnknown });
    }
    const statements = "body" in body && Array.isArray(body.body) ? (body.body as Statement[]) : [];
    hoist(program, statements, environment);
    let open = statements.flatMap(stepsOf);
    // A statement that needs what stands after it is run once more, and what loads the module never runs.
    for (let round = 0; round < 4; round++) {
      open = open.filter((one) => !isRun(program, one, environment)).reverse();
    }
    return environment;
  };
  start(inside);
  program.steps = 0;
  return program;
}

/**
 * Returns the variables that the functions of a scope see. Those of a scope that no statement has run in, as of the function
 * that makes the imports, are not known.
 */
export function environmentOf(program: Program, scope: Scope | undefined): Environment | undefined {
  const known = scope && program.environments.get(scope);
  if (known || !scope) return known;
  const parent = environmentOf(program, scope.parent);
  if (!parent) return undefined;
  const environment: Environment = { variables: new Map(), parent };
  for (const { name } of scope.bindings.values())
    environment.variables.set(name, { value: undefined, isUnknown: true });
  program.environments.set(scope, environment);
  return environment;
}

/** The steps of a statement: each variable is one. */
function stepsOf(node: Statement): readonly Statement[] {
  const inner = node.type === "ExportNamedDeclaration" ? node.declaration : node;
  if (!inner || /^(Import|Export|Return)/.test(inner.type)) return [];
  if (inner.type !== "VariableDeclaration") return [inner];
  return inner.declarations.map((one) => ({ ...inner, declarations: [one] }));
}

function isRun(program: Program, node: Statement, environment: Environment): boolean {
  try {
    run(program, node, environment);
    return true;
  } catch (error) {
    if (!(error instanceof Unknown) && !(error instanceof Thrown)) throw error;
    return false;
  }
}

function declareAll(scope: Scope | undefined, environment: Environment): void {
  for (const { name } of scope?.bindings.values() ?? []) {
    if (!environment.variables.has(name)) environment.variables.set(name, { value: undefined });
  }
}

function hoist(program: Program, statements: readonly Statement[], environment: Environment): void {
  for (const one of statements) {
    const node = one.type === "ExportNamedDeclaration" ? one.declaration : one;
    if (node?.type === "FunctionDeclaration" && node.id) {
      environment.variables.set(node.id.name, { value: makeFunction(program, node, environment) });
    }
  }
}

/** Makes a function of the text. */
function makeFunction(program: Program, node: FunctionNode, environment: Environment): Callable {
  if (node.async || node.generator) return new Callable(fail);
  const callable: Callable = new Callable((args, receiver, isNew) => {
    step(program);
    if (program.depth >= deepest) throw new Unknown();
    program.depth++;
    try {
      return callFunction(program, callable, node, { environment, args, receiver, isNew });
    } finally {
      program.depth--;
    }
  });
  return callable;
}

function fail(): never {
  throw new Unknown();
}

interface Call {
  readonly environment: Environment;
  readonly args: readonly Value[];
  readonly receiver: Value;
  readonly isNew: boolean;
}

function callFunction(program: Program, callable: Callable, node: FunctionNode, call: Call): Value {
  const { args, receiver } = call;
  const environment: Environment = { variables: new Map(), parent: call.environment };
  const prototype = callable.members.get("prototype");
  const object = call.isNew ? new Thing(prototype instanceof Thing ? prototype : undefined) : receiver;
  if (node.type !== "ArrowFunctionExpression") {
    environment.variables.set("this", { value: object });
    environment.variables.set("arguments", { value: new List([...args]) });
  }
  if (node.type === "FunctionExpression" && node.id) environment.variables.set(node.id.name, { value: callable });
  for (const one of [node, node.body]) declareAll(program.scopes.of(one), environment);
  node.params.forEach((param, at) => {
    if (param.type === "RestElement") assignTo(program, environment, param.argument, new List(args.slice(at)));
    else if (param.type === "TSParameterProperty") throw new Unknown();
    else assignTo(program, environment, param, args[at]);
  });
  if (node.body.type !== "BlockStatement") return evaluate(program, node.body, environment);
  hoist(program, node.body.body, environment);
  const ended = runAll(program, node.body.body, environment);
  const value = ended?.kind === "return" ? ended.value : undefined;
  return call.isNew && !(value instanceof Thing) ? object : value;
}

function runAll(program: Program, statements: readonly Statement[], environment: Environment): Completion {
  for (const one of statements) {
    const ended = run(program, one, environment);
    if (ended) return ended;
  }
  return undefined;
}

function block(program: Program, node: Statement, parent: Environment): Completion {
  if (node.type !== "BlockStatement") return run(program, node, parent);
  const environment: Environment = { variables: new Map(), parent };
  declareAll(program.scopes.of(node), environment);
  hoist(program, node.body, environment);
  return runAll(program, node.body, environment);
}

function run(program: Program, node: Statement, environment: Environment): Completion {
  step(program);
  switch (node.type) {
    case "ExpressionStatement":
      evaluate(program, node.expression, environment);
      return undefined;
    case "VariableDeclaration":
      for (const { id, init } of node.declarations) {
        if (init) assignTo(program, environment, id, evaluate(program, init, environment));
        else if (node.kind !== "var" && id.type === "Identifier") assignTo(program, environment, id, undefined);
      }
      return undefined;
    case "ReturnStatement":
      return { kind: "return", value: node.argument ? evaluate(program, node.argument, environment) : undefined };
    case "ThrowStatement":
      throw new Thrown(evaluate(program, node.argument, environment));
    case "IfStatement":
      if (evaluate(program, node.test, environment)) return block(program, node.consequent, environment);
      return node.alternate ? block(program, node.alternate, environment) : undefined;
    case "BlockStatement":
      return block(program, node, environment);
    case "ForStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      return loop(program, node, environment);
    case "TryStatement":
      return attemptBlock(program, node, environment);
    case "BreakStatement":
    case "ContinueStatement":
      if (node.label) throw new Unknown();
      return { kind: node.type === "BreakStatement" ? "break" : "continue" };
    case "ClassDeclaration":
      if (node.id) assignTo(program, environment, node.id, makeClass(program, node, environment));
      return undefined;
    case "FunctionDeclaration":
    case "EmptyStatement":
      return undefined;
    default:
      throw new Unknown();
  }
}

function loop(
  program: Program,
  node: Extract<Statement, { type: "ForStatement" | "WhileStatement" | "DoWhileStatement" }>,
  parent: Environment,
): Completion {
  const environment: Environment = { variables: new Map(), parent };
  declareAll(program.scopes.of(node), environment);
  if (node.type === "ForStatement" && node.init) {
    if (node.init.type === "VariableDeclaration") run(program, node.init, environment);
    else evaluate(program, node.init, environment);
  }
  const holds = (): boolean => !node.test || Boolean(evaluate(program, node.test, environment));
  if (node.type !== "DoWhileStatement" && !holds()) return undefined;
  do {
    step(program);
    const ended = block(program, node.body, environment);
    if (ended?.kind === "return") return ended;
    if (ended?.kind === "break") return undefined;
    if (node.type === "ForStatement" && node.update) evaluate(program, node.update, environment);
  } while (holds());
  return undefined;
}

function attemptBlock(
  program: Program,
  { block: tried, handler, finalizer }: Extract<Statement, { type: "TryStatement" }>,
  environment: Environment,
): Completion {
  let ended: Completion;
  let thrown: Thrown | undefined;
  try {
    ended = block(program, tried, environment);
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    if (handler) {
      const scope: Environment = { variables: new Map(), parent: environment };
      if (handler.param?.type === "Identifier") scope.variables.set(handler.param.name, { value: error.value });
      try {
        ended = block(program, handler.body, scope);
      } catch (inner) {
        if (!(inner instanceof Thrown)) throw inner;
        thrown = inner;
      }
    } else thrown = error;
  }
  const last = finalizer && block(program, finalizer, environment);
  if (last) return last;
  if (thrown) throw thrown;
  return ended;
}
