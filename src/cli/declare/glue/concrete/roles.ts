import type { Function as FunctionNode } from "@babel/types";
import { type Evaluation, evaluationOf, type Glue, unlessTooLong } from "../evaluation.ts";
import { plainWord } from "../memory.ts";
import { isFunction } from "../scope.ts";
import { type Element, isConstant, nothing, type Term } from "../term.ts";
import { variable } from "../variables.ts";
import { getElement } from "./builtins.ts";
import { bytesOf, growMemory, type Model } from "./model.ts";
import { bytesFor, type Call, heapOf, isSameBytes, keeps, plain, texts, valueAt } from "./trial.ts";
import { bytesIn, lengthOf, type List, provide, Thing, Thrown, type Value, View } from "./values.ts";

/** The task of a small helper. */
type Role =
  | { readonly kind: "add" }
  | { readonly kind: "borrow" }
  | { readonly kind: "get" | "take" | "drop" }
  | { readonly kind: "text" }
  | { readonly kind: "memory" }
  | { readonly kind: "class" }
  | { readonly kind: "items"; readonly element: Element };

/**
 * Finds the helpers beside the variable of the exports that do not do what their outlines say.
 *
 * @param glue - The generated JavaScript.
 * @param isOther - Whether a function is none of them.
 */
export function findFaulty(glue: Glue, isOther: (node: FunctionNode) => boolean): ReadonlySet<FunctionNode> {
  const faulty = new Set<FunctionNode>();
  const found: { readonly node: FunctionNode; readonly role: Role }[] = [];
  for (const binding of glue.exports?.scope.bindings.values() ?? []) {
    const value = variable(evaluationOf(glue, true), binding);
    if (value.kind !== "function" || !isFunction(value.node) || isOther(value.node)) continue;
    const role = roleOf(glue, value);
    if (role) found.push({ node: value.node, role });
  }
  const takes = found.flatMap(({ node, role }) => (role.kind === "take" || role.kind === "drop" ? [node] : []));
  for (const { node, role } of found) if (!playsRole(glue, node, role, takes)) faulty.add(node);
  return faulty;
}

function roleOf(glue: Glue, called: Extract<Term, { kind: "function" }>): Role | undefined {
  const count = called.node.params.length;
  if (count > 2) return undefined;
  const evaluation = evaluationOf(glue);
  const [first, second]: readonly Term[] = [0, 1].map((index) => ({ kind: "param", index, name: "" }));
  const args = [first, second].slice(0, count) as Term[];
  const result = unlessTooLong(() => glue.evaluator.callFunction(evaluation, called, args, nothing));
  if (!result) return undefined;
  if (count === 0) return result.kind === "view" ? { kind: "memory" } : undefined;
  const is = (term: Term, other: Term | undefined): boolean => plainWord(term) === other;
  if (count === 1) {
    if (result.kind === "handle" && result.value === first) return { kind: result.isLent ? "borrow" : "add" };
    const released = releases(evaluation, first);
    if (result.kind === "handled" && is(result.word, first)) return { kind: released ? "take" : "get" };
    return released && isConstant(result, undefined) ? { kind: "drop" } : undefined;
  }
  if (result.kind === "text")
    return is(result.pointer, first) && is(result.length, second) ? { kind: "text" } : undefined;
  if (
    result.kind === "items" &&
    result.element !== "handle" &&
    is(result.pointer, first) &&
    is(result.length, second)
  ) {
    return { kind: "items", element: result.element };
  }
  const [thrown] = evaluation.effects.filter(({ kind }) => kind === "throw");
  const [guard] = thrown?.guards ?? [];
  const isCheck =
    guard?.kind === "test" && evaluation.classes.length === 0 && isInstanceTest(guard.test, first, second);
  return isCheck ? { kind: "class" } : undefined;
}

function isInstanceTest(term: Term, object: Term | undefined, of: Term | undefined): boolean {
  if (term.kind !== "operation") return false;
  if (term.operator === "!") return term.args.some((one) => isInstanceTest(one, object, of));
  return term.operator === "instanceof" && term.args[0] === object && term.args[1] === of;
}

/** Whether a function gives a handle back: to a list, or by a function of the toolchain's, as only their names begin so. */
function releases({ effects }: Evaluation, word: Term | undefined): boolean {
  return effects.some((one) => {
    if (one.kind === "drop") return plainWord(one.word) === word;
    if (one.kind !== "wasm" || typeof one.callee !== "string" || !one.callee.startsWith("__")) return false;
    const [first] = one.args;
    return one.args.length === 1 && first !== undefined && plainWord(first) === word;
  });
}

function playsRole(glue: Glue, node: FunctionNode, role: Role, takes: readonly FunctionNode[]): boolean {
  switch (role.kind) {
    case "add":
      return keeps(glue, node, (call, model) => adds(glue, call, model, takes), plain);
    case "borrow":
      return keeps(glue, node, (call, model) => borrows(glue, call, model), plain);
    case "get":
    case "take":
    case "drop": {
      const { kind } = role;
      return keeps(glue, node, (call, model) => reads(glue, call, model, kind), plain);
    }
    case "text":
      return keeps(glue, node, (call, model) =>
        texts.every((text) => {
          const bytes = new TextEncoder().encode(text);
          bytesOf(model).set(bytes, 4096);
          const isText = call(4096, bytes.length) === text;
          growMemory(model);
          return isText;
        }),
      );
    case "items":
      return keeps(glue, node, (call, model) => views(call, model, role.element));
    case "memory":
      return keeps(glue, node, (call, model) => {
        const isCurrent = (): boolean => {
          const made = call();
          return made instanceof View && made.buffer === model.memory.members.get("buffer") && lengthOf(made) > 0;
        };
        return [1, 2, 3].every(() => {
          const isBoth = isCurrent() && isCurrent();
          growMemory(model);
          return isBoth;
        });
      });
    case "class":
      return keeps(glue, node, checksClasses, plain);
  }
}

/** The constants that a list of handles begins with: the last four values. */
function constantsIn(heap: List | undefined): () => boolean {
  const before = heap ? heap.items.map((value, at) => [at, value] as const).slice(-4) : [];
  return () => before.every(([at, value]) => heap?.items[at] === value);
}

function adds(glue: Glue, call: Call, model: Model, takes: readonly FunctionNode[]): boolean {
  const heap = heapOf(glue, model);
  const isKept = constantsIn(heap);
  const values = new Map<Value, Value>();
  const add = (value: Value): Value => {
    const at = call(value);
    if (values.has(at)) return undefined;
    values.set(at, value);
    return at;
  };
  const areAll = (): boolean => isKept() && [...values].every(([at, value]) => valueAt(glue, model, at) === value);
  for (let index = 0; index < 40; index++) if (add(`value ${index}`) === undefined) return false;
  if (!areAll()) return false;
  const [take] = takes;
  const scope = take && glue.scopes.of(take)?.parent;
  const environment = scope && model.program.environments.get(scope);
  if (!take || !environment || !heap) return true;
  // Places that are given back are used again.
  const taker = model.program.makeFunction(take, environment);
  const free = [...values.keys()].slice(3, 7);
  for (const at of free) {
    taker.call([at], undefined, false);
    values.delete(at);
  }
  const again = free.map((_, index) => add(`again ${index}`));
  return areAll() && again.every((at) => free.includes(at)) && add("new") !== undefined && areAll();
}

function borrows(glue: Glue, call: Call, model: Model): boolean {
  const isKept = constantsIn(heapOf(glue, model));
  const [one, two] = [call("one"), call("two")];
  if (one === two || valueAt(glue, model, one) !== "one" || valueAt(glue, model, two) !== "two" || !isKept())
    return false;
  for (let count = 0; count < 1500; count++) {
    try {
      call("more");
    } catch (error) {
      if (error instanceof Thrown) return isKept();
      throw error;
    }
  }
  return false;
}

function reads(glue: Glue, call: Call, model: Model, kind: "get" | "take" | "drop"): boolean {
  const heap = heapOf(glue, model);
  const isKept = constantsIn(heap);
  const constants = heap ? heap.items.length - 4 : 0;
  const places = ["one", "two", "three"].map((value, index) => {
    if (heap) return heap.items.push(value) - 1;
    model.table.set(200 + index, value);
    return 200 + index;
  });
  const [first, second, third] = places;
  const returned = call(second);
  if (kind !== "drop" && returned !== "two") return false;
  if (valueAt(glue, model, first) !== "one" || valueAt(glue, model, third) !== "three" || !isKept()) return false;
  if (kind === "get") return valueAt(glue, model, second) === "two" && model.calls.length === 0;
  if (!heap) return model.calls.length === 1 && model.calls[0]?.length === 1 && model.calls[0][0] === second;
  if (valueAt(glue, model, second) === "two") return false;
  // The constants stay.
  for (let at = constants; at < constants + 4; at++) {
    const value = heap.items[at];
    const taken = call(at);
    if (kind === "take" && taken !== value) return false;
  }
  return isKept();
}

function views(call: Call, model: Model, element: Element): boolean {
  const isWide = /^[iu]64$/.test(element);
  for (const numbers of [[1, 2, 3], [], [9, 8, 7, 6, 5]]) {
    const values = numbers.map((one) => (isWide ? BigInt(one) : one));
    bytesOf(model).set(bytesFor(element, values), 4096);
    const made = call(4096, values.length);
    if (!(made instanceof View) || lengthOf(made) !== values.length) return false;
    if (!isSameBytes(bytesIn(made), bytesFor(element, values))) return false;
    if (values.some((value, at) => getElement(made, at) !== value)) return false;
    growMemory(model);
  }
  return true;
}

function checksClasses(call: Call): boolean {
  const classes = [0, 1].map(() => {
    const made = provide(() => undefined);
    made.members.set("prototype", new Thing());
    return made;
  });
  const prototype = classes[0]?.members.get("prototype");
  const object = new Thing(prototype instanceof Thing ? prototype : undefined);
  const refuses = (value: Value, of: Value): boolean => {
    try {
      call(value, of);
      return false;
    } catch (error) {
      if (error instanceof Thrown) return true;
      throw error;
    }
  };
  return !refuses(object, classes[0]) && refuses(object, classes[1]) && refuses(new Thing(), classes[0]);
}
