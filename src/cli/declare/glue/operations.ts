import type { Function as FunctionNode, Node } from "@babel/types";
import { bundledModule } from "./bundled.ts";
import { copyValues, type Evaluation, happen, leavesOf, replace, valueIn } from "./evaluation.ts";
import { helperOf, isDestroyer } from "./helpers.ts";
import { isInterop } from "./interop.ts";
import { callKnown, spreadOut, typeOf } from "./lowered.ts";
import { accessOf, addressAt, lengthBetween, plainWord, sizeOf, viewElement } from "./memory.ts";
import { classMethod, classOf, type ClassTerm, type Method } from "./members.ts";
import { memberOf } from "./reads.ts";
import { type Cell, constant, type Element, isConstant, isNothing, isSame, nothing, type Term } from "./term.ts";
import { assignVariable, evaluateOutside, namespaceOf } from "./variables.ts";

/** Assigns to a member, by its name or by a value. */
export function assignMember(evaluation: Evaluation, node: Node, of: Term, at: Term | string, value: Term): void {
  const name = typeof at === "string" ? at : isConstant(at) ? String(at.value) : undefined;
  const index = typeof at !== "string" ? at : /^\d+$/.test(at) ? constant(Number(at)) : undefined;
  switch (of.kind) {
    case "heap":
      if (index) assignPlace(evaluation, node, index, value);
      return;
    case "view":
      if (of.element === "data" || !index) return;
      happen(evaluation, node, {
        kind: "write",
        element: of.element,
        address: addressAt(index, sizeOf(of.element)),
        value,
      });
      return;
    case "halves": {
      const half = (isHigh: boolean): Term => ({
        kind: "half",
        of: value,
        isHigh,
        isUnsigned: of.element === "u64",
      });
      if (of.element === "u32") evaluation.values.set(isConstant(index, 0) ? of.low : of.high, value);
      else {
        evaluation.values.set(of.low, half(false));
        evaluation.values.set(of.high, half(true));
      }
      return;
    }
    case "function":
    case "record":
    case "instance":
      if (name !== undefined && of.fields) {
        // A closure is marked as running by a 0 in the place of its address.
        if (of.kind === "record" && isConstant(value, 0)) {
          happen(evaluation, node, { kind: "set", target: { kind: "member", of, name }, value });
        }
        let cell: Cell | undefined = of.fields.get(name);
        if (!cell) of.fields.set(name, (cell = { name }));
        evaluation.values.set(cell, value);
      }
      return;
    case "exports":
    case "registry":
      return;
    default:
      happen(evaluation, node, {
        kind: "set",
        target:
          name === undefined
            ? { kind: "index", of, at: index ?? nothing }
            : typeof at === "string"
              ? { kind: "member", of, name: at }
              : { kind: "index", of, at },
        value,
      });
  }
}

/** Stores a value at a free place of the list of handles, on its stack, or gives a place back. */
function assignPlace(evaluation: Evaluation, node: Node, place: Term, value: Term): void {
  if (place.kind === "free-place") replace(evaluation, place, { kind: "handle", value, isLent: false });
  else if (place.kind === "stack-place") {
    if (!isNothing(value)) replace(evaluation, place, { kind: "handle", value, isLent: true });
  } else if (value.kind === "free-place") happen(evaluation, node, { kind: "drop", word: place });
}

/** Calls a function that is no member. */
export function callTerm(evaluation: Evaluation, node: Node, callee: Term, args: readonly Term[]): Term {
  const bundled = evaluation.isStatic ? bundledModule(evaluation.glue, node) : undefined;
  if (bundled)
    return "whole" in bundled
      ? evaluateOutside(evaluation.glue, bundled.whole)
      : namespaceOf(evaluation.glue, bundled.members);
  switch (callee.kind) {
    case "function": {
      const helper = helperOf(evaluation.glue, callee.node);
      if (helper?.kind === "pass") {
        const [value = nothing, ...allocators] = args;
        if (allocators.some((one) => one.kind === "export" && lacks(evaluation, one.name))) {
          happen(evaluation, node, { kind: "unknown" });
        }
        const of = { type: helper.type, element: helper.element, value };
        for (const binding of helper.lengths) assignVariable(evaluation, binding, { kind: "length", of });
        return { kind: "pointer", of };
      }
      if (helper?.kind === "faulty") {
        happen(evaluation, node, { kind: "unknown" });
        return { kind: "unknown", node };
      }
      if (helper?.kind === "typeof") return typeOf(args[0] ?? nothing);
      const [list] = args;
      if (helper?.kind === "copy" && (list?.kind === "list" || list?.kind === "arguments")) return list;
      if (helper?.kind === "list") {
        const [pointer = nothing, length = nothing] = args;
        return { kind: "items", element: "handle", pointer, length };
      }
      return (
        passedModule(evaluation, callee.node, args) ??
        evaluation.glue.evaluator.callFunction(evaluation, callee, args, nothing)
      );
    }
    case "export": {
      const result: Term = { kind: "result", call: {} };
      if (lacks(evaluation, callee.name)) happen(evaluation, node, { kind: "unknown" });
      happen(evaluation, node, { kind: "wasm", callee: callee.name, args, result });
      return result;
    }
    case "handled": {
      // A function of the module's table.
      const index = callee.word.kind === "constant" ? callee.word.value : undefined;
      if (typeof index !== "number") break;
      const result: Term = { kind: "result", call: {} };
      happen(evaluation, node, { kind: "wasm", callee: index, args, result });
      return result;
    }
    case "global":
      if (callee.name === "BigInt" && args.length === 1 && args[0]?.kind === "constant") {
        const { value } = args[0];
        if (typeof value === "number" && Number.isSafeInteger(value)) return constant(BigInt(value));
      }
      if (callee.name === "require" && args[0]?.kind === "constant" && typeof args[0].value === "string") {
        return { kind: "foreign", module: args[0].value, name: "*" };
      }
      break;
    case "either": {
      // Of two functions that return the type of a value, one is for engines without symbols.
      const [first = nothing] = args;
      const leaves = leavesOf(callee);
      const isType = (one: Term): boolean =>
        one.kind === "function" && helperOf(evaluation.glue, one.node)?.kind === "typeof";
      if (leaves.length > 0 && leaves.every(isType)) return typeOf(first);
      break;
    }
    case "index": {
      // right[Symbol.hasInstance](left)
      const { of, at } = callee;
      const isSymbol = at.kind === "member" && at.name === "hasInstance" && at.of.kind === "global";
      if (isSymbol && args[0]) return instanceOf(evaluation, args[0], of);
      break;
    }
    default:
  }
  const term = { kind: "call", isNew: false, callee, args } as const;
  happenCall(evaluation, node, term);
  return term;
}

/** The module that a helper of a compiler passes on. */
function passedModule({ glue }: Evaluation, made: FunctionNode, [module]: readonly Term[]): Term | undefined {
  return module?.kind === "foreign" && module.name === "*" && isInterop(glue.scopes, made) ? module : undefined;
}

/** Asks for the class of an object, which is known from then on. */
export function instanceOf(evaluation: Evaluation, object: Term, of: Term): Term {
  const checked = classOf(of);
  if (checked) evaluation.classes.push({ of: object, class: checked });
  if (checked && object.kind === "instance" && object.class.node === checked.node) return constant(true);
  return { kind: "operation", operator: "instanceof", args: [object, of] };
}

/** Whether the module has no such export, although generated JavaScript calls only those that it has. */
function lacks({ glue: { shape } }: Evaluation, name: string): boolean {
  return shape !== undefined && isOwnExport(name) && !shape.exports.some((one) => one.name === name);
}

/** Whether an export is wasm-bindgen's own. Those of the package are compared with the module where they are called. */
function isOwnExport(name: string): boolean {
  return /^__(wbindgen|externref)_/.test(name);
}

function happenCall(evaluation: Evaluation, node: Node, term: Extract<Term, { kind: "call" }>): void {
  const takesFunction = term.args.some(({ kind }) => kind === "function");
  happen(evaluation, node, {
    kind: "call",
    term,
    ...(takesFunction && { values: copyValues(evaluation) }),
  });
}

/** Calls a member. */
export function callMember(evaluation: Evaluation, node: Node, of: Term, name: string, args: readonly Term[]): Term {
  const [first = nothing, second = nothing] = args;
  switch (of.kind) {
    case "export":
      if (name === "call") return callTerm(evaluation, node, of, args.slice(1));
      if (name === "apply") return callTerm(evaluation, node, of, spreadOut(second));
      // A table of values or of functions.
      if (name === "get") return { kind: "handled", word: first };
      if (name === "set" && first.kind === "result") {
        const at = evaluation.effects.findIndex((one) => one.kind === "wasm" && one.result === first);
        if (at >= 0) evaluation.effects.splice(at, 1);
        replace(evaluation, first, { kind: "handle", value: second, isLent: false });
        return nothing;
      }
      break;
    case "registry":
    case "heap":
      if (of.kind === "heap" && name === "fill") return of;
      return nothing;
    case "decoder":
      return decoded(first);
    case "view": {
      if (of.element === "data") {
        const access = accessOf(name);
        const order = access?.isWrite ? args[2] : second;
        // The numbers of WebAssembly are little-endian.
        if (access && sizeOf(access.element) > 1 && !isConstant(order, true)) {
          happen(evaluation, node, { kind: "unknown" });
        }
        if (access && !access.isWrite) {
          const address = addressAt(first, 1);
          return { kind: "read", element: access.element, address, after: evaluation.effects.length };
        }
        if (access) {
          happen(evaluation, node, {
            kind: "write",
            element: access.element,
            address: addressAt(first, 1),
            value: second,
          });
          return nothing;
        }
      } else if (name === "subarray" || name === "slice") {
        const length = lengthBetween(first, second);
        const pointer = addressAt(first, sizeOf(of.element));
        if (length) return { kind: "items", element: of.element, pointer, length };
      } else if (name === "set" && passArray(evaluation, of.element, first, second)) return nothing;
      break;
    }
    case "items":
    case "copy":
      if (name === "slice" && args.length === 0) return of.kind === "copy" ? of : { kind: "copy", of };
      break;
    case "text":
      // The text is one already: this copies nothing.
      if (name === "slice" && args.length === 0) return of;
      break;
    case "function":
      if (name === "call") return callOwnFunction(evaluation, node, of, first, args.slice(1));
      if (name === "apply") {
        return callOwnFunction(evaluation, node, of, first, spreadOut(second));
      }
      if (name === "bind" && args.length === 1) return of;
      break;
    case "call":
      // `new Array(128).fill(undefined)` is the list of handles.
      if (evaluation.isStatic && of.callee.kind === "global" && of.callee.name === "Array" && name === "fill") {
        return { kind: "heap" };
      }
      break;
    case "global":
      if (of.name === "BigInt" && /^as(Ui|I)ntN$/.test(name) && isConstant(first)) {
        return { kind: "operation", operator: name, args: [first, second] };
      }
      if (of.name === "Object" && name === "create") {
        const prototyped = first.kind === "member" && first.name === "prototype" ? first.of : undefined;
        const made = classOf(first.kind === "record" ? first.owner : prototyped);
        if (made) return { kind: "instance", class: made, fields: new Map() };
      }
      // The JavaScript freezes its own objects; that of a value that it is given is what an import does.
      if (of.name === "Object" && name === "freeze" && /^(record|list|class|cell)$/.test(first.kind)) return first;
      break;
    default:
  }
  const known = callKnown(evaluation, of, name, args);
  if (known) return known;
  const own = memberOf(evaluation, of, name);
  if (own.kind === "function") return callOwnFunction(evaluation, node, own, of, args);
  if (own.kind === "export") return callTerm(evaluation, node, own, args);
  const method = methodOf(evaluation, of, name);
  if (method) return evaluation.glue.evaluator.callFunction(evaluation, method, args, of);
  const term = { kind: "call", isNew: false, callee: own, args } as const;
  happenCall(evaluation, node, term);
  return term;
}

function callOwnFunction(
  evaluation: Evaluation,
  node: Node,
  callee: Extract<Term, { kind: "function" }>,
  self: Term,
  args: readonly Term[],
): Term {
  return helperOf(evaluation.glue, callee.node)
    ? callTerm(evaluation, node, callee, args)
    : evaluation.glue.evaluator.callFunction(evaluation, callee, args, self);
}

/** Copies an array to memory that was just allocated. From then on, the address stands for the array. */
function passArray(evaluation: Evaluation, element: Element, value: Term, index: Term): boolean {
  const address = plainWord(addressAt(index, sizeOf(element)));
  if (address.kind !== "result") return false;
  const at = evaluation.effects.findIndex((one) => one.kind === "wasm" && one.result === address);
  if (at < 0) return false;
  evaluation.effects.splice(at, 1);
  replace(evaluation, address, { kind: "pointer", of: { type: "array", element, value } });
  return true;
}

/** Whether a decoder is for UTF-8, and keeps all characters. */
function decodesUtf8(evaluation: Evaluation, [encoding, options]: readonly Term[]): boolean {
  const isUtf8 = !encoding || isNothing(encoding) || (isConstant(encoding) && /^utf-?8$/i.test(String(encoding.value)));
  const cell = options?.kind === "record" ? options.fields.get("ignoreBOM") : undefined;
  return isUtf8 && !(cell && isConstant(valueIn(evaluation, cell), false));
}

/** The text that a decoder makes of bytes in memory. */
function decoded(bytes: Term): Term {
  const items = bytes.kind === "copy" ? bytes.of : bytes;
  if (items.kind !== "items" || items.element !== "u8") return nothing;
  return { kind: "text", pointer: items.pointer, length: items.length };
}

/** Finds the method that a call of an object's member runs. */
function methodOf(evaluation: Evaluation, of: Term, name: string): Method | undefined {
  const { glue, classes } = evaluation;
  const find = (term: ClassTerm, isStatic: boolean) => classMethod(glue, term, name, isStatic);
  if (of.kind === "class") return find(of, true);
  const known = of.kind === "instance" ? of.class : classes.find((one) => isSame(one.of, of))?.class;
  if (known) return find(known, false);
  if (of.kind !== "param" && of.kind !== "this" && of.kind !== "handled") return undefined;
  // An object whose class no check tells is given away by a method that all classes have.
  for (const node of glue.scopes.classes) {
    const method = find({ kind: "class", node, name: "" }, false);
    if (method) return isDestroyer(glue, method) ? method : undefined;
  }
  return undefined;
}

/** The name of a class of the engine, which Node has in a module, too. */
function classOfEngine(term: Term): string | undefined {
  switch (term.kind) {
    case "global":
      return term.name;
    case "foreign":
      return /^(node:)?util$/.test(term.module) ? term.name : undefined;
    case "member": {
      const isUtil = leavesOf(term.of).every(
        (one) =>
          (one.kind === "foreign" && /^(node:)?util$/.test(one.module)) ||
          (one.kind === "call" && one.args.length === 1 && isConstant(one.args[0], "util", "node:util")),
      );
      const isGlobal = term.of.kind === "global" && /^(globalThis|self|window|global)$/.test(term.of.name);
      return isUtil || isGlobal ? term.name : undefined;
    }
    default:
      return undefined;
  }
}

/** Makes an object. */
export function makeNew(evaluation: Evaluation, node: Node, callee: Term, args: readonly Term[]): Term {
  const [first] = args;
  const names = leavesOf(callee).map(classOfEngine);
  if (callee.kind === "global" && first) {
    const element = viewElement(callee.name);
    if (element && first.kind === "buffer") return { kind: "view", element };
    if (first.kind === "items" && first.element === element) return { kind: "copy", of: first };
    if (first.kind === "member" && first.of.kind === "halves" && first.name === "buffer") {
      if (element === "i64" || element === "u64") return { ...first.of, element };
    }
    if (evaluation.isStatic && element === "u32" && isConstant(first, 2)) {
      return { kind: "halves", low: { name: "low" }, high: { name: "high" }, element };
    }
  }
  if (evaluation.isStatic) {
    const [name] = names;
    const isOne = names.every((one) => one === name);
    if (isOne && name === "FinalizationRegistry") return { kind: "registry" };
    if (isOne && name === "TextDecoder" && decodesUtf8(evaluation, args)) return { kind: "decoder" };
    if (isOne && name === "TextEncoder") return { kind: "encoder" };
  }
  const term = { kind: "call", isNew: true, callee, args } as const;
  happenCall(evaluation, node, term);
  return term;
}
