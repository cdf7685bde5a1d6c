import { characterOf, createEnumerationLift, invalidValue, passedBytes } from "../../bind/values/index.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { ValueType } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import { allocate } from "./allocate.ts";
import { type Closure, createClosure, type KnownClosure, release } from "./closures.ts";
import type { Word } from "./runtime.ts";
import { liftText, lowerText } from "./text.ts";
import { plainType, type Type } from "./type.ts";

const i32: readonly ValueType[] = ["i32"];
const pair: readonly ValueType[] = ["i32", "i32"];

/** A type of one word that is a plain value on both sides. */
function plain(word: ValueType, lift: (word: never) => unknown, lower: (value: never) => Word): Type {
  const words = [word];
  return {
    ...plainType,
    words: () => words,
    lift: (_, from, at) => lift(from[at] as never),
    lower: (_, value, to) => void to.push(lower(value as never)),
  };
}

/** An integer of fewer bits than a word. */
function narrow(fit: (word: number) => number): Type {
  return plain("i32", fit, fit);
}

const same = (value: unknown) => value;

const scalars: { readonly [code: string]: Type } = {
  // Both ways, so that no bit above a narrow integer is taken for a part of it, nor for none.
  i8: narrow((word) => (word << 24) >> 24),
  i16: narrow((word) => (word << 16) >> 16),
  i: plain("i32", same, same),
  u8: narrow((word) => word & 0xff),
  u16: narrow((word) => word & 0xffff),
  u: plain("i32", (word: number) => word >>> 0, same),
  I: plain("i64", same, same),
  U: plain("i64", (word: bigint) => BigInt.asUintN(64, word), same),
  f: plain("f32", same, Math.fround),
  d: plain("f64", same, same),
  b: plain(
    "i32",
    (word: number) => word !== 0,
    (value: unknown) => (value ? 1 : 0),
  ),
  c: plain("i32", characterOf, (value: string) => value.codePointAt(0)),
};

/** A JavaScript value: by its handle, or in a module with a table of values as it is. */
function handle(isOwned: boolean): Type {
  return {
    ...plainType,
    words: ({ handles }) => (handles === "heap" ? i32 : ["externref"]),
    lift: ({ abi, handles }, words, at) => {
      const word = words[at];
      if (abi.handles === "externref") return word;
      return isOwned ? handles.take(word as number) : handles.get(word as number);
    },
    lower: ({ abi, handles }, value, words) => {
      if (abi.handles === "externref") words.push(value);
      else words.push(isOwned ? handles.add(value) : handles.lend(value));
    },
  };
}

function text(isOwned: boolean): Type {
  return {
    ...plainType,
    words: () => pair,
    lift: (runtime, words, at) => {
      const [address, size] = [(words[at] as number) >>> 0, (words[at + 1] as number) >>> 0];
      // Rust has no text there: with the feature enable-interning it is one that JavaScript keeps, by its handle.
      if (address === 0 && !isOwned) return runtime.handles.get(size);
      try {
        return liftText(runtime, address, size);
      } finally {
        // What lies outside the memory is not the allocator's.
        if (isOwned && address + size <= runtime.memory.byteLength) runtime.free(address, size, 1);
      }
    },
    lower: (runtime, value, words) => {
      words.push(lowerText(runtime, value as string), runtime.size);
    },
  };
}

interface ElementArray extends ArrayBufferView {
  readonly length: number;
  slice(): ElementArray;
}
type ElementArrayClass = new (buffer: ArrayBufferLike, offset: number, length: number) => ElementArray;

const elements: { readonly [code: string]: readonly [size: number, array: ElementArrayClass] } = {
  i8: [1, Int8Array],
  u8: [1, Uint8Array],
  c8: [1, Uint8ClampedArray],
  i16: [2, Int16Array],
  u16: [2, Uint16Array],
  i: [4, Int32Array],
  u: [4, Uint32Array],
  I: [8, BigInt64Array],
  U: [8, BigUint64Array],
  f: [4, Float32Array],
  d: [8, Float64Array],
};

/** Numbers side by side. What is borrowed is a view of the module's memory, which it may write to. */
function slice(element: string, isOwned: boolean): Type | undefined {
  const found = Object.hasOwn(elements, element) ? elements[element] : undefined;
  if (!found) return undefined;
  const [size, ArrayClass] = found;
  return {
    ...plainType,
    words: () => pair,
    lift: (runtime, words, at) => {
      const { memory } = runtime.instance;
      const [address, length] = [(words[at] as number) >>> 0, (words[at + 1] as number) >>> 0];
      const isMisaligned = address % size > 0;
      if (address + length * size > memory.byteLength) memory.read(address, length * size);
      if (isMisaligned && !isOwned) throw misaligned(address, size);
      // No view begins between two elements.
      const copy = isMisaligned ? new ArrayClass(memory.read(address, length * size).buffer, 0, length) : undefined;
      const view = copy ?? new ArrayClass(memory.buffer, address, length);
      if (!isOwned) return view;
      const taken = copy ?? view.slice();
      runtime.free(address, length * size, size);
      return taken;
    },
    lower: (runtime, value, words) => {
      const { memory } = runtime.instance;
      const { bytes } = passedBytes(memory, value);
      const address = allocate(runtime, bytes.length, size);
      memory.write(address, bytes);
      words.push(address, bytes.length / size);
    },
  };
}

/** The error of borrowed numbers of which no view can be made. */
function misaligned(address: number, size: number): Error {
  return invalidValue(
    "an array that is lent",
    `the address ${address}`,
    `which is no multiple of ${size}, the size of its elements. Correct the pointer in the module.`,
  );
}

/** JavaScript values side by side, each by its handle. */
function list(isOwned: boolean): Type {
  return {
    ...plainType,
    words: () => pair,
    lift: (runtime, words, at) => {
      const { abi, handles, instance } = runtime;
      const [address, length] = [(words[at] as number) >>> 0, (words[at + 1] as number) >>> 0];
      const slots = new Uint32Array(instance.memory.read(address, length * 4).buffer);
      const isTaken = isOwned && abi.handles === "heap";
      const values: unknown[] = [];
      try {
        for (const slot of slots) values.push(isTaken ? handles.take(slot) : handles.get(slot));
        if (isOwned && !isTaken && length > 0) runtime.call("dropSlice", address, length);
        return values;
      } finally {
        // After a number that no value has, the other values go all the same.
        if (isTaken) for (const slot of slots.subarray(values.length)) handles.drop(slot);
        if (isOwned) runtime.free(address, length * 4, 4);
      }
    },
    lower: (runtime, value, words) => {
      const { handles, instance } = runtime;
      const items = value as readonly unknown[];
      const slots = new Uint32Array(items.length);
      const address = allocate(runtime, slots.byteLength, 4);
      let held = 0;
      try {
        for (; held < items.length; held++) slots[held] = handles.add(items[held]);
      } catch (error) {
        // There may be a limit to their number.
        for (const slot of slots.subarray(0, held)) handles.drop(slot);
        runtime.free(address, slots.byteLength, 4);
        throw error;
      }
      instance.memory.write(address, slots);
      words.push(address, slots.length);
    },
  };
}

/** 128 bits in two words of 64. */
function wide(isSigned: boolean): Type {
  const words: readonly ValueType[] = ["i64", "i64"];
  const fit = (value: bigint) => (isSigned ? BigInt.asIntN(128, value) : BigInt.asUintN(128, value));
  return {
    ...plainType,
    words: () => words,
    lift: (_, from, at) => fit(((from[at + 1] as bigint) << 64n) | BigInt.asUintN(64, from[at] as bigint)),
    lower: (_, value, to) => void to.push(value, (value as bigint) >> 64n),
  };
}

/** One of some texts, by its place among them. */
function stringEnum(variants: readonly string[]): Type {
  const lift = createEnumerationLift(variants);
  return {
    ...plainType,
    words: () => i32,
    lift: (_, words, at) => lift(words[at] as number),
    lower: (_, value, words) => {
      const at = variants.indexOf(value as string);
      words.push(at < 0 ? variants.length : at);
    },
  };
}

/** What stands for nothing in a type of one word. */
const none = 0xffffff;

function option(code: string, inner: Type, isHandle: boolean): Type {
  const lifted =
    (isNone: (words: readonly Word[], at: number) => boolean, skip: number): Type["lift"] =>
    (runtime, words, at) =>
      isNone(words, at) ? undefined : inner.lift(runtime, words, at + skip);
  const isNothing = (value: unknown) => value === undefined || value === null;
  if (isHandle) {
    // Towards JavaScript it is the value itself; towards the module it is a number under both conventions, and 0 is none.
    return {
      ...plainType,
      words: inner.words,
      resultWords: () => i32,
      lift: (runtime, words, at) =>
        runtime.abi.handles === "heap" && words[at] === 0 ? undefined : inner.lift(runtime, words, at),
      lower: ({ handles }, value, words) => void words.push(isNothing(value) ? 0 : handles.add(value)),
    };
  }
  const isEnum = code.startsWith('"');
  if (isEnum || /^(#.*|[bc]|[iu](8|16))$/.test(code)) {
    const missing = isEnum ? code.split("|").length + 1 : code.startsWith("#") ? holeOf(code) : none;
    return {
      ...plainType,
      words: () => i32,
      lift: lifted((words, at) => words[at] === missing, 0),
      lower: (runtime, value, words) => {
        if (isNothing(value)) words.push(missing);
        else inner.lower(runtime, value, words);
      },
    };
  }
  if ("sS[&".includes(code[0] ?? "")) {
    return {
      ...plainType,
      words: inner.words,
      lift: lifted((words, at) => words[at] === 0, 0),
      lower: (runtime, value, words) => {
        if (isNothing(value)) words.push(0, 0);
        else inner.lower(runtime, value, words);
      },
    };
  }
  if ("iuf".includes(code)) return smallOption(inner, isNothing);
  return {
    ...plainType,
    words: (abi) => ["i32", ...inner.words(abi)],
    lift: lifted((words, at) => words[at] === 0, 1),
    lower: (runtime, value, words) => {
      words.push(isNothing(value) ? 0 : 1);
      if (!isNothing(value)) inner.lower(runtime, value, words);
      else for (const word of inner.words(runtime.abi)) words.push(word === "i64" ? 0n : 0);
    },
  };
}

/** The smallest number from 0 that an enum of numbers does not have. */
function holeOf(code: string): number {
  const taken = new Set(code.slice(1).split("|").map(Number));
  let hole = 0;
  while (taken.has(hole)) hole++;
  return hole;
}

/** 32 bits or nothing: two words up to 0.2.95, then a double that no 32 bits can be. */
function smallOption(inner: Type, isNothing: (value: unknown) => boolean): Type {
  const isPair = ({ version = Infinity }: Abi) => version <= 95;
  const [old, present] = [2 ** 32 + 1, 2 ** 53 - 1];
  const missing = ({ version }: Abi): number => {
    if (version !== undefined) return version <= 118 ? old : present;
    throw new UnglueError(
      "unsupported-module",
      "Nothing in the module tells the version of wasm-bindgen that made it, so no number of 32 bits can be left out: what " +
        "stands for none has changed with 0.2.119. Keep the section `producers` when the module is built.",
      { toolchain: "wasm-bindgen", feature: "version" },
    );
  };
  return {
    ...plainType,
    words: (abi) => (isPair(abi) ? ["i32", ...inner.words(abi)] : ["f64"]),
    lift: (runtime, words, at) => {
      if (isPair(runtime.abi)) return words[at] === 0 ? undefined : inner.lift(runtime, words, at + 1);
      // Neither is a number of 32 bits, so no version needs to be known.
      return words[at] === old || words[at] === present ? undefined : inner.lift(runtime, words, at);
    },
    lower: (runtime, value, words) => {
      if (isPair(runtime.abi)) words.push(isNothing(value) ? 0 : 1);
      if (!isNothing(value)) inner.lower(runtime, value, words);
      else words.push(isPair(runtime.abi) ? 0 : missing(runtime.abi));
    },
  };
}

/** A closure on the module's stack: it can be called only while the import is. */
function stackClosure(closure: KnownClosure): Type {
  return {
    ...plainType,
    words: () => pair,
    lift: (runtime, words, at) =>
      createClosure(runtime, closure, words[at] as number, words[at + 1] as number, undefined),
    lower: (_, __, words) => void words.push(0, 0),
    settle: (value) => {
      (value as Closure)[release]();
    },
  };
}

/**
 * The type of a code: `h` `H` a value, borrowed and owned; `s` `S` text; `b` bool; `c` char; `i8` `i16` `i` `u8` `u16` `u`
 * integers of up to 32 bits; `I` `U` of 64; `i128` `u128`; `f` `d` floats; `&[u8]` `[u8]` numbers side by side, borrowed and
 * owned; `&[h]` `[h]` values side by side; `"a|b` one of some texts; `#0|4` one of some numbers; `Fn(h,s)H` `Mut(h)` a closure; `?` before a code an
 * option. A closing bracket may be left out.
 *
 * @param code - The code.
 * @param findClosure - Finds what runs a closure of such a code.
 * @returns The type; `undefined` for a code that is not known, and for a closure that cannot be run.
 */
export function typeOf(code: string, findClosure: (code: string) => KnownClosure | undefined): Type | undefined {
  if (Object.hasOwn(scalars, code)) return scalars[code];
  if (code.startsWith("?")) {
    const inner = typeOf(code.slice(1), findClosure);
    return inner && option(code.slice(1), inner, code === "?h" || code === "?H");
  }
  if (code === "h" || code === "H") return handle(code === "H");
  if (code === "s" || code === "S") return text(code === "S");
  if (code === "i128" || code === "u128") return wide(code === "i128");
  if (code.startsWith("#")) return scalars.i;
  if (code.startsWith('"')) return stringEnum(code.slice(1).split("|"));
  if (isClosure(code)) {
    const closure = findClosure(code);
    return closure && stackClosure(closure);
  }
  const [, borrowed, element = ""] = /^(&m?)?\[(\w+)]?$/.exec(code) ?? [];
  return /^[hHsS]$/.test(element) ? list(borrowed === undefined) : slice(element, borrowed === undefined);
}

/** Whether a code is a closure's. */
export function isClosure(code: string): boolean {
  return /^(Fn|Mut)\(/.test(code);
}
