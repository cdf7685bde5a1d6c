import type { Node } from "@babel/types";
import { Flow, isCall } from "./flow.ts";
import type { References } from "./references.ts";
import { eachChild, isFunction, lookUp, namesOf, propertyName, type Scopes, writesIn } from "./scope.ts";
import { changedBy, isDefiner, isFreezing, writeTo } from "./writes.ts";

/** Something of the engine or of Node that a text changes. */
export interface GlobalChange {
  /** Its name, as in `TextDecoder.prototype.decode`; or a description. */
  readonly subject: string;
  readonly node: Node;
}

const floats = ["Float32Array", "Float64Array"];
const integers = ["Int8", "Uint8", "Int16", "Uint16", "Int32", "Uint32", "BigInt64", "BigUint64"];
/** The globals that generated JavaScript works with. */
const builtIns: ReadonlySet<string> = new Set([
  ...["Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "AggregateError"],
  ...[
    "Object",
    "Function",
    "Array",
    "String",
    "Number",
    "Boolean",
    "BigInt",
    "Symbol",
    "Math",
    "JSON",
    "Reflect",
    "Proxy",
  ],
  ...["Promise", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "FinalizationRegistry", "WebAssembly", "Atomics"],
  ...["TextDecoder", "TextEncoder", "ArrayBuffer", "SharedArrayBuffer", "DataView", "Uint8ClampedArray", "Buffer"],
  ...[...floats, ...integers.map((one) => `${one}Array`), "parseInt", "parseFloat", "isNaN", "isFinite"],
]);
const globalObjects: ReadonlySet<string> = new Set(["globalThis", "self", "window", "global"]);
/** Settings of the engine that change no value. */
const settings: ReadonlySet<string> = new Set(["Error.stackTraceLimit", "Error.prepareStackTrace"]);

/** The path of a global; the global object; or the prototype of an object that is not known. */
type State = string;
const everything = "globalThis";
const someone = "a prototype";

/**
 * Finds the changes of globals that generated JavaScript works with, and the code in a text or the loaded modules of Node, by
 * which anything may be changed. What only an engine gets that lacks it changes nothing.
 *
 * @param scopes - The names of the text.
 * @param references - Their uses.
 * @param runs - Whether code runs when the text is loaded.
 * @param isNear - Whether a change matters that does not run then.
 */
export function findGlobalChanges(
  scopes: Scopes,
  references: References,
  runs: (node: Node) => boolean,
  isNear: (node: Node) => boolean,
): readonly GlobalChange[] {
  const changes: GlobalChange[] = [];
  const change = (path: string, node: Node): void => {
    const [first = ""] = path.split(".");
    if (settings.has(path) || !(builtIns.has(first) || path.startsWith(someone))) return;
    if (!isPolyfill(references, node, path) && (runs(node) || isNear(node))) changes.push({ subject: path, node });
  };
  /** A member of something. */
  const join = (state: State, name: string | undefined): string =>
    state !== everything ? `${state}.${name ?? "*"}` : globalObjects.has(name ?? "") ? everything : (name ?? "");
  const changeMember = (state: State, name: string | undefined, node: Node): void => {
    if (state === everything && name === undefined) {
      if (runs(node) && !hasSymbol(scopes, node)) changes.push({ subject: "a global", node });
    } else change(join(state, name), node);
  };

  const ignore = (): void => undefined;
  const flow: Flow<State> = new Flow<State>(scopes, references, {
    member(state, name, at) {
      const isPart = at.type === "ObjectProperty";
      const write = isPart ? undefined : writeTo(references, at);
      if (write) {
        changeMember(state, name, write);
        return;
      }
      if (isDefiner(references, at, name)) {
        changeMember(state, undefined, at);
        return;
      }
      const next = nextOf(join(state, name), state, name);
      if (next === undefined) return;
      if (isPart) flow.bindProperty(next, at);
      else flow.follow(next, at);
    },
    passed(state, path, call, index) {
      if (isFreezing(path)) {
        flow.follow(state, call);
        return;
      }
      if (index !== 0) return;
      const isOfPrototype = /^(Object|Reflect)\.setPrototypeOf$/.test(path ?? "");
      for (const name of changedBy(path, call) ?? (isOfPrototype ? ["__proto__"] : [])) changeMember(state, name, call);
    },
    spread: ignore,
    held: ignore,
    lost: ignore,
  });

  for (const name of builtIns) for (const one of references.free(name)) flow.follow(name, one);
  for (const name of globalObjects) for (const one of references.free(name)) flow.follow(everything, one);
  for (const one of prototypesOf(references)) flow.follow(someone, one);
  flow.run();

  const visit = (node: Node): void => {
    for (const { target } of writesIn(node)) {
      for (const name of namesOf(target)) if (!lookUp(scopes.scopeOf(node), name)) change(name, node);
    }
    eachChild(node, visit);
  };
  visit(scopes.root.node);
  for (const one of [...references.free("eval"), ...references.members("eval")]) {
    const call = callOf(references, one);
    // An import may run a text that the module gives it.
    const isStated = call?.arguments[0] && /^(String|Template)Literal$/.test(call.arguments[0].type);
    if (call && (isStated || runs(call))) changes.push({ subject: "code in a text", node: call });
  }
  for (const one of [...references.members("cache"), ...references.members("extensions")]) {
    const of = one.type === "MemberExpression" ? one.object : takenFrom(references, one);
    if (of?.type !== "Identifier" || of.name !== "require" || isDeclared(scopes, of.name, of)) continue;
    changes.push({ subject: "the loaded modules of Node", node: one });
  }
  return changes;
}

/** Whether an assignment gives a value to a member by a symbol. */
function hasSymbol(scopes: Scopes, write: Node): boolean {
  const target = write.type === "AssignmentExpression" ? write.left : undefined;
  const key =
    target?.type === "MemberExpression" && target.property.type === "Identifier" ? target.property : undefined;
  const values = (key && lookUp(scopes.around(key), key.name)?.values) ?? [];
  const isSymbol = (one: Node): boolean =>
    one.type === "CallExpression" &&
    [one.callee, one.callee.type === "MemberExpression" ? one.callee.object : undefined].some(
      (callee) => callee?.type === "Identifier" && callee.name === "Symbol",
    );
  return values.length > 0 && values.every(isSymbol);
}

/** The path of a member that is followed. */
function nextOf(path: string, state: State, name: string | undefined): State | undefined {
  if (state === everything) return path === everything || builtIns.has(path) ? path : undefined;
  if (name === "constructor" && state.endsWith(".prototype")) return state.replace(/\.prototype$/, "");
  if (name === "prototype" || name === "__proto__" || state === "WebAssembly") return path;
  return undefined;
}

/** The call of a function that a name or a member is, also after a comma: `(0, eval)(text)`. */
function callOf({ parentOf }: References, callee: Node) {
  let at = callee;
  for (let next = parentOf(at); next?.type === "SequenceExpression"; next = parentOf(at)) {
    if (next.expressions.at(-1) !== at) return undefined;
    at = next;
  }
  const call = parentOf(at);
  return call && isCall(call) && call.callee === at ? call : undefined;
}

/** Whether a variable of the text has a name. The functions around modules have `require`, too. */
function isDeclared(scopes: Scopes, name: string, at: Node): boolean {
  const binding = lookUp(scopes.around(at), name);
  return binding !== undefined && !(binding.isOpen && binding.values.length === 0);
}

/** The value of which a pattern takes a part. */
function takenFrom({ parentOf }: References, property: Node): Node | undefined {
  const pattern = parentOf(property);
  const taking = pattern && parentOf(pattern);
  if (taking?.type === "VariableDeclarator") return taking.init ?? undefined;
  return taking?.type === "AssignmentExpression" ? taking.right : undefined;
}

/**
 * Finds the expressions that are prototypes of objects: `object.__proto__`, `Object.getPrototypeOf(object)` and the like.
 *
 * @param references - The uses of the text's names.
 */
export function prototypesOf(references: References): readonly Node[] {
  const { members, parentOf } = references;
  const isRead = (node: Node): boolean => node.type === "MemberExpression" && !writeTo(references, node);
  const ofConstructors = members("constructor").flatMap((one) => {
    const parent = parentOf(one);
    return parent?.type === "MemberExpression" && parent.object === one && propertyName(parent) === "prototype"
      ? [parent]
      : [];
  });
  const calls = members("getPrototypeOf").flatMap((one) => {
    const call = parentOf(one);
    return call && isCall(call) && call.callee === one ? [call] : [];
  });
  return [...members("__proto__").filter(isRead), ...ofConstructors.filter(isRead), ...calls];
}

/** Whether something is only given to an engine that lacks it. */
function isPolyfill({ parentOf }: References, at: Node, path: string): boolean {
  if (at.type === "AssignmentExpression" && /^(\|\||\?\?)=$/.test(at.operator)) return true;
  const name = path.split(".").at(-1) ?? path;
  for (let inner = at, one = parentOf(at); one && !isFunction(one); inner = one, one = parentOf(one)) {
    if (one.type === "IfStatement" || one.type === "ConditionalExpression") {
      if (inner !== one.test && isAbsent(one.test, name, inner === one.consequent)) return true;
    } else if (one.type === "LogicalExpression" && inner === one.right) {
      if (isAbsent(one.left, name, one.operator === "&&")) return true;
    }
  }
  return false;
}

/** Whether a name means nothing where a condition has an outcome. */
function isAbsent(test: Node, name: string, outcome: boolean): boolean {
  const isNamed = (node: Node): boolean =>
    (node.type === "Identifier" && node.name === name) || propertyName(node) === name;
  if (test.type === "UnaryExpression" && test.operator === "!") return isAbsent(test.argument, name, !outcome);
  if (test.type === "LogicalExpression") {
    const isBoth = (test.operator === "&&") === outcome;
    const [left, right] = [test.left, test.right].map((one) => isAbsent(one, name, outcome));
    return isBoth ? left === true || right === true : left === true && right === true;
  }
  if (test.type !== "BinaryExpression") return isNamed(test) && !outcome;
  const { operator, left, right } = test;
  if (operator === "in") return left.type === "StringLiteral" && left.value === name && !outcome;
  const isSame = /^===?$/.test(operator) ? outcome : /^!==?$/.test(operator) ? !outcome : undefined;
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (one.type === "UnaryExpression" && one.operator === "typeof" && isNamed(one.argument)) {
      return other.type === "StringLiteral" && isSame === (other.value === "undefined");
    }
    const isNothing = other.type === "NullLiteral" || (other.type === "Identifier" && other.name === "undefined");
    if (isNamed(one) && (isNothing || other.type === "UnaryExpression")) return isSame === true;
  }
  return false;
}
