import { constant, type Element, isConstant, isSame, nothing, type Term } from "./term.ts";

const sizes: ReadonlyMap<Element, number> = new Map([
  ["i8", 1],
  ["u8", 1],
  ["c8", 1],
  ["i16", 2],
  ["u16", 2],
  ["i32", 4],
  ["u32", 4],
  ["f32", 4],
  ["i64", 8],
  ["u64", 8],
  ["f64", 8],
]);

/** The bytes of an element. */
export function sizeOf(element: Element): number {
  return sizes.get(element) ?? 1;
}

const arrays: ReadonlyMap<string, Element | "data"> = new Map<string, Element | "data">([
  ["Int8Array", "i8"],
  ["Uint8Array", "u8"],
  ["Uint8ClampedArray", "c8"],
  ["Int16Array", "i16"],
  ["Uint16Array", "u16"],
  ["Int32Array", "i32"],
  ["Uint32Array", "u32"],
  ["BigInt64Array", "i64"],
  ["BigUint64Array", "u64"],
  ["Float32Array", "f32"],
  ["Float64Array", "f64"],
  ["DataView", "data"],
]);

/** The elements of a global class of views. */
export function viewElement(name: string): Element | "data" | undefined {
  return arrays.get(name);
}

/** The elements that a method of `DataView` reads or writes. */
export function accessOf(method: string): { readonly element: Element; readonly isWrite: boolean } | undefined {
  const [, verb, name] =
    /^(get|set)(BigInt64|BigUint64|Int8|Uint8|Int16|Uint16|Int32|Uint32|Float32|Float64)$/.exec(method) ?? [];
  const element = name === undefined ? undefined : arrays.get(`${name}Array`);
  return element && element !== "data" ? { element, isWrite: verb === "set" } : undefined;
}

interface Linear {
  readonly base: Term | undefined;
  readonly scale: number;
  readonly offset: number;
}

function constantNumber(term: Term): number | undefined {
  return term.kind === "constant" && typeof term.value === "number" ? term.value : undefined;
}

/** Deeper sums than addresses are. */
const deepest = 6;

function linear(term: Term, depth = 0): Linear {
  if (term.kind === "constant" && typeof term.value === "number") {
    return { base: undefined, scale: 1, offset: term.value };
  }
  if (term.kind === "operation" && depth < deepest) {
    const [left = nothing, right = nothing] = term.args;
    const by = constantNumber(right);
    // A minifier prints `x * 1` so.
    if (term.operator === "+" && term.args.length === 1) return linear(left, depth + 1);
    if (term.operator === "+") {
      const [a, b] = [linear(left, depth + 1), linear(right, depth + 1)];
      if (!a.base) return { ...b, offset: a.offset + b.offset };
      if (!b.base) return { ...a, offset: a.offset + b.offset };
    }
    if (term.operator === "/" && by !== undefined && by > 0) {
      const inner = linear(left, depth + 1);
      return { base: inner.base, scale: inner.scale / by, offset: inner.offset / by };
    }
    if (/^>>>?$/.test(term.operator) && by !== undefined && by >= 0 && by < 8) {
      const inner = linear(left, depth + 1);
      return { base: inner.base, scale: inner.scale / 2 ** by, offset: inner.offset / 2 ** by };
    }
    if (term.operator === "*") {
      // A minifier puts the factor first.
      const [value, factor] = by === undefined ? [right, constantNumber(left)] : [left, by];
      if (factor === undefined) return { base: term, scale: 1, offset: 0 };
      const inner = linear(value, depth + 1);
      return { base: inner.base, scale: inner.scale * factor, offset: inner.offset * factor };
    }
  }
  return { base: term, scale: 1, offset: 0 };
}

/** An address as its base and a number of bytes. */
export interface Address {
  readonly base: Term | undefined;
  readonly offset: number;
}

/** The word that a number is a multiple of, and the factor. */
export function scaledWord(term: Term): { readonly word: Term | undefined; readonly scale: number } {
  const { base, scale, offset } = linear(term);
  return offset === 0 ? { word: base && plainWord(base), scale } : { word: undefined, scale };
}

/** The address of an element of a view, by its index. */
export function addressAt(index: Term, size: number): Term {
  const { base, scale, offset } = linear(index);
  if (!base) return constant(offset * size);
  if (scale * size !== 1) return { kind: "operation", operator: "?", args: [index] };
  return offset === 0 ? base : { kind: "operation", operator: "+", args: [base, constant(offset * size)] };
}

/** Splits an address. */
export function splitAddress(address: Term): Address {
  const { base, scale, offset } = linear(address);
  return scale === 1 ? { base: base && plainWord(base), offset } : { base: address, offset: 0 };
}

/** A word without the operators that make it unsigned or an integer. */
export function plainWord(term: Term): Term {
  if (term.kind === "operation" && /^(>>>?|\|)$/.test(term.operator) && isConstant(term.args[1], 0)) {
    return plainWord(term.args[0] ?? nothing);
  }
  return term;
}

/** The number of elements between two indices, if it is stated. */
export function lengthBetween(from: Term, to: Term): Term | undefined {
  if (to.kind !== "operation" || to.operator !== "+") return undefined;
  const [left = nothing, right = nothing] = to.args;
  if (isSame(plainWord(left), plainWord(from))) return right;
  return isSame(plainWord(right), plainWord(from)) ? left : undefined;
}

/** Whether two words are the same, apart from their sign. */
export function isSameWord(a: Term, b: Term): boolean {
  return isSame(plainWord(a), plainWord(b));
}
