import type { Class, Function as FunctionNode, Node } from "@babel/types";
import type { Binding } from "./scope.ts";

/** The element type of a view of memory; `data` is a `DataView`. */
export type Element = "i8" | "u8" | "c8" | "i16" | "u16" | "i32" | "u32" | "i64" | "u64" | "f32" | "f64";

/** A place that holds a value while a function is evaluated. */
export interface Cell {
  readonly name: string;
}

/** The cells of a call or block, by the names of its variables. */
export interface Frame {
  readonly cells: Map<string, Cell>;
  readonly parent: Frame | undefined;
}

/** An array or text that was copied into memory. */
export interface Passed {
  readonly type: "text" | "array" | "list";
  /** For an array. */
  readonly element: Element | undefined;
  readonly value: Term;
}

/** The value of an expression, as far as the text states it. */
export type Term =
  | { readonly kind: "constant"; readonly value: string | number | bigint | boolean | null | undefined }
  /** An argument of the function that is read. */
  | { readonly kind: "param"; readonly index: number; readonly name: string }
  | { readonly kind: "this" }
  /** The list of all arguments of the function that is read, or of those from an index. */
  | { readonly kind: "arguments"; readonly from: number }
  | { readonly kind: "spread"; readonly of: Term }
  | { readonly kind: "global"; readonly name: string }
  /** A name of another module. */
  | { readonly kind: "foreign"; readonly module: string; readonly name: string }
  /** A variable of the file about whose value nothing is known. */
  | { readonly kind: "variable"; readonly binding: Binding }
  | {
      readonly kind: "function";
      readonly node: FunctionNode;
      readonly frame: Frame | undefined;
      /** The properties that it was given. */
      readonly fields?: Map<string, Cell>;
    }
  /** A class; one of before 2015 is a function with a prototype. */
  | {
      readonly kind: "class";
      readonly node: Class | FunctionNode;
      readonly name: string;
      readonly made?: Extract<Term, { kind: "function" }>;
    }
  /** The module's exports, and one of them. */
  | { readonly kind: "exports" }
  | { readonly kind: "export"; readonly name: string }
  /** An object or list of the text. */
  | {
      readonly kind: "record";
      readonly fields: Map<string, Cell>;
      /** For a prototype: its function. */
      readonly owner?: Extract<Term, { kind: "function" }>;
    }
  | { readonly kind: "list"; readonly items: readonly Term[] }
  /** An object of an exported class. */
  | { readonly kind: "instance"; readonly class: Extract<Term, { kind: "class" }>; readonly fields: Map<string, Cell> }
  /** The result of calling the module. */
  | { readonly kind: "result"; readonly call: object }
  | { readonly kind: "member"; readonly of: Term; readonly name: string }
  | { readonly kind: "index"; readonly of: Term; readonly at: Term }
  | {
      readonly kind: "call";
      readonly isNew: boolean;
      readonly callee: Term;
      readonly args: readonly Term[];
    }
  | { readonly kind: "operation"; readonly operator: string; readonly args: readonly Term[] }
  | { readonly kind: "either"; readonly test: Term; readonly then: Term; readonly otherwise: Term }
  | { readonly kind: "is-none"; readonly of: Term }
  | { readonly kind: "caught" }
  /** All memory as a typed array or a `DataView`, and its buffer. */
  | { readonly kind: "view"; readonly element: Element | "data" }
  | { readonly kind: "buffer" }
  | {
      readonly kind: "read";
      readonly element: Element;
      readonly address: Term;
      /** The number of effects before it. */
      readonly after: number;
    }
  /** The list of values with handles, the index of its next free place, and the top of the stack of borrowed ones. */
  | { readonly kind: "heap" }
  | { readonly kind: "free-place" }
  | { readonly kind: "stack-place" }
  /** A value's handle, and a handle's value. */
  | { readonly kind: "handle"; readonly value: Term; readonly isLent: boolean }
  | { readonly kind: "handled"; readonly word: Term }
  | { readonly kind: "pointer" | "length"; readonly of: Passed }
  | { readonly kind: "text"; readonly pointer: Term; readonly length: Term }
  /** Elements in memory; a list's are handles. */
  | {
      readonly kind: "items";
      readonly element: Element | "handle";
      readonly pointer: Term;
      readonly length: Term;
    }
  | { readonly kind: "copy"; readonly of: Term }
  /** A list of texts whose indices are passed. */
  | { readonly kind: "texts"; readonly values: readonly string[] }
  /** A registry that frees what is collected. */
  | { readonly kind: "registry" }
  | { readonly kind: "encoder" | "decoder" }
  /** Two 32-bit arrays and a 64-bit one that share their bytes. */
  | { readonly kind: "halves"; readonly low: Cell; readonly high: Cell; readonly element: "u32" | "i64" | "u64" }
  | { readonly kind: "wide"; readonly low: Term; readonly high: Term; readonly isUnsigned: boolean }
  | { readonly kind: "half"; readonly of: Term; readonly isHigh: boolean; readonly isUnsigned: boolean }
  | { readonly kind: "unknown"; readonly node: Node };

export const nothing: Term = { kind: "constant", value: undefined };

export function constant(value: Extract<Term, { kind: "constant" }>["value"]): Term {
  return { kind: "constant", value };
}

/** Whether a term is a constant, of a value if one is given. */
export function isConstant(term: Term | undefined, ...values: unknown[]): term is Extract<Term, { kind: "constant" }> {
  return term?.kind === "constant" && (values.length === 0 || values.includes(term.value));
}

/** Whether a term is `undefined` or `null`. */
export function isNothing(term: Term | undefined): boolean {
  return isConstant(term, undefined, null);
}

/** The terms that a term consists of. */
export function partsOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case "member":
    case "is-none":
    case "copy":
    case "spread":
    case "half":
      return [term.of];
    case "index":
      return [term.of, term.at];
    case "call":
      return [term.callee, ...term.args];
    case "operation":
      return term.args;
    case "list":
      return term.items;
    case "either":
      return [term.test, term.then, term.otherwise];
    case "read":
      return [term.address];
    case "handle":
      return [term.value];
    case "handled":
      return [term.word];
    case "pointer":
    case "length":
      return [term.of.value];
    case "text":
    case "items":
      return [term.pointer, term.length];
    case "wide":
      return [term.low, term.high];
    default:
      return [];
  }
}

/** More terms than a function of generated JavaScript has. */
const mostParts = 20_000;

/** Returns a term and all that it consists of, each once. */
export function allParts(term: Term): Set<Term> {
  const found = new Set<Term>();
  const open = [term];
  for (let next = open.pop(); next; next = open.pop()) {
    if (found.has(next) || found.size > mostParts) continue;
    found.add(next);
    open.push(...partsOf(next));
  }
  return found;
}

/** More comparisons than two equal values of generated JavaScript take. */
const mostComparisons = 1000;

/** Whether two terms are the same value. Terms that are too large to compare are not. */
export function isSame(a: Term, b: Term): boolean {
  return areSame(a, b, { left: mostComparisons });
}

function areSame(a: Term, b: Term, budget: { left: number }): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || budget.left-- <= 0) return false;
  switch (a.kind) {
    case "constant":
      return Object.is(a.value, (b as typeof a).value);
    case "param":
      return a.index === (b as typeof a).index;
    case "this":
    case "exports":
    case "heap":
    case "caught":
    case "buffer":
      return true;
    case "arguments":
      return a.from === (b as typeof a).from;
    case "global":
    case "export":
      return a.name === (b as typeof a).name;
    case "foreign":
      return a.name === (b as typeof a).name && a.module === (b as typeof a).module;
    case "variable":
      return a.binding === (b as typeof a).binding;
    case "function":
    case "class":
    case "unknown":
      return a.node === (b as typeof a).node;
    case "view":
    case "items":
    case "read":
      if (a.element !== (b as typeof a).element) return false;
      break;
    case "result":
      return a.call === (b as typeof a).call;
    case "pointer":
    case "length":
      return a.of === (b as typeof a).of;
    case "texts":
      return a.values === (b as typeof a).values;
    case "handle":
      if (a.isLent !== (b as typeof a).isLent) return false;
      break;
    case "half":
      if (a.isHigh !== (b as typeof a).isHigh) return false;
      break;
    case "member":
      if (a.name !== (b as typeof a).name) return false;
      break;
    case "operation":
      if (a.operator !== (b as typeof a).operator) return false;
      break;
    case "call":
    case "record":
    case "instance":
    case "registry":
      return false;
    default:
  }
  const [left, right] = [partsOf(a), partsOf(b)];
  return left.length === right.length && left.every((part, at) => areSame(part, right[at] ?? nothing, budget));
}
