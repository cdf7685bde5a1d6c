import { ownMembers, ownValue } from "../../base/own.ts";
import { elementArrays } from "../../bind/types/arrays.ts";
import type { Scalar } from "../../bind/types/description.ts";
import { createEnumerationLift } from "../../bind/types/enumeration.ts";
import { invalidValue } from "../../bind/types/invalid-value.ts";
import type { TypeNode } from "../../bind/types/node.ts";
import { scalarOf } from "../../bind/types/types.ts";
import { passedBytes } from "../../bind/values/index.ts";
import { describe } from "../../errors/describe.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { ElementName, PlainName, ValueType } from "../../public/index.ts";
import { allocate } from "./allocate.ts";
import { type Closure, createClosure, type KnownClosure, release } from "./closures.ts";
import { noneAmong } from "./none-among.ts";
import type { Word } from "./runtime.ts";
import { liftText, lowerText } from "./text.ts";
import { plainType, type Type, type ValueAbi } from "./type.ts";

const i32: readonly ValueType[] = ["i32"];
const pair: readonly ValueType[] = ["i32", "i32"];

const same = (value: unknown) => value;

/** The number for none in a type of fewer than 32 bits. */
const outside = 0xffffff;

/** Makes a type of one word. JavaScript may return any value for it: `lower` converts it as JavaScript's operators do. */
function scalar(name: PlainName, none: Type["none"], lower: (value: never) => Word = same): Type {
  const { word, lift = same } = scalarOf({ type: name }, false) as Scalar;
  const words = [word];
  return {
    ...plainType,
    none,
    words: () => words,
    lift: (_, from, at) => lift(from[at] as never),
    lower: (_, value, to) => void to.push(lower(value as never)),
  };
}

/**
 * Makes an integer type with fewer bits than a word. In both directions, higher bits are neither taken for a part of it nor
 * for none.
 */
function narrow(name: PlainName): Type {
  const { lift } = scalarOf({ type: name }, false) as Scalar;
  return scalar(name, outside, lift);
}

/**
 * Whether integers of 64 bits are passed as two words, the lower bits first.
 *
 * @param abi - The module's conventions.
 */
export function splitsLongs({ version = Infinity }: ValueAbi): boolean {
  return version < 83;
}

/** Makes an integer type of 64 bits. */
function long(name: "i64" | "u64" | "bits64"): Type {
  const whole = scalar(name, "flag");
  return {
    ...whole,
    words: (abi) => (splitsLongs(abi) ? pair : whole.words(abi)),
    lift: (runtime, words, at) => {
      if (!splitsLongs(runtime.abi)) return whole.lift(runtime, words, at);
      const low = BigInt.asUintN(32, BigInt(words[at] as number));
      const value = (BigInt(words[at + 1] as number) << 32n) | low;
      return name === "u64" ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);
    },
    lower: (runtime, value, words) => {
      if (!splitsLongs(runtime.abi)) return whole.lower(runtime, value, words);
      const bits = value as bigint;
      words.push(Number(BigInt.asIntN(32, bits)), Number(BigInt.asIntN(32, bits >> 32n)));
    },
  };
}

/** The plain types that are a number, a boolean or a character. */
type NumberName = Exclude<PlainName, "string" | "cstring" | "bytes" | "void">;

/** The numbers, booleans and characters. */
const plainTypes: { readonly [Name in NumberName]: Type } = ownMembers({
  i8: narrow("i8"),
  u8: narrow("u8"),
  i16: narrow("i16"),
  u16: narrow("u16"),
  bits16: scalar("bits16", outside),
  bits32: scalar("bits32", "number"),
  bits64: long("bits64"),
  i32: scalar("i32", "number"),
  u32: scalar("u32", "number"),
  size: scalar("size", "number"),
  i64: long("i64"),
  u64: long("u64"),
  f32: scalar("f32", "number", Math.fround),
  f64: scalar("f64", "flag"),
  bool: scalar("bool", outside, (value: unknown) => (value ? 1 : 0)),
  char: scalar("char", outside, (value: string) => value.codePointAt(0)),
  i128: wide(true),
  u128: wide(false),
});

/** Makes the type of a JavaScript value: passed by its handle, or unchanged in a module with a table of values. */
export function handle(isOwned: boolean): Type {
  return {
    ...plainType,
    none: "handle",
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

/** Makes the type of text. */
export function text(isOwned: boolean): Type {
  return {
    ...plainType,
    none: "address",
    words: () => pair,
    lift: (runtime, words, at) => {
      const [address, size] = [(words[at] as number) >>> 0, (words[at + 1] as number) >>> 0];
      // Rust keeps no text there: with the feature enable-interning, JavaScript keeps the text, and this is its handle.
      if (address === 0 && !isOwned) return runtime.handles.get(size);
      try {
        return liftText(runtime, address, size);
      } finally {
        // Text outside the memory does not belong to the allocator.
        if (isOwned && address + size <= runtime.memory.byteLength) runtime.free(address, size, 1);
      }
    },
    lower: (runtime, value, words) => {
      if (typeof value !== "string") throw noText(value);
      words.push(lowerText(runtime, value), runtime.size);
    },
  };
}

/** Makes the error of another value in the place of a text. It has no length, and would arrive as an empty text. */
function noText(value: unknown): UnglueError<"invalid-value"> {
  const received = describe(value);
  return new UnglueError(
    "invalid-value",
    `JavaScript gave ${received} where the module declares a text. Return a string from the function that the module calls.`,
    { declared: "a text", received },
  );
}

/** Makes the type of contiguous numbers. Borrowed ones are a writable view of the module's memory. */
export function slice(element: ElementName | "clamped", isOwned: boolean): Type {
  const ArrayClass = element === "clamped" ? Uint8ClampedArray : elementArrays[element];
  const size = ArrayClass.BYTES_PER_ELEMENT;
  return {
    ...plainType,
    none: "address",
    words: () => pair,
    lift: (runtime, words, at) => {
      const { memory } = runtime.instance;
      const [address, length] = [(words[at] as number) >>> 0, (words[at + 1] as number) >>> 0];
      const isMisaligned = address % size > 0;
      if (address + length * size > memory.byteLength) memory.read(address, length * size);
      if (isMisaligned && !isOwned) throw misaligned(address, size);
      // A view cannot begin between two elements.
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

/** Makes the error of borrowed numbers that cannot be viewed. */
function misaligned(address: number, size: number): Error {
  return invalidValue(
    "an array that is lent",
    `the address ${address}`,
    `which is no multiple of ${size}, the size of its elements. Correct the pointer in the module.`,
  );
}

/** Makes the type of contiguous JavaScript values, each passed by its handle. */
export function list(isOwned: boolean): Type {
  return {
    ...plainType,
    none: "address",
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
        // Even after an invalid handle, the other values are dropped.
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
        // Adding may fail, because there may be a limit on handles.
        for (const slot of slots.subarray(0, held)) handles.drop(slot);
        runtime.free(address, slots.byteLength, 4);
        throw error;
      }
      instance.memory.write(address, slots);
      words.push(address, slots.length);
    },
  };
}

/** Makes a type of 128 bits in two words of 64. */
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

/** Makes the type of a string enum, passed by index. */
export function stringEnum(variants: readonly string[]): Type {
  const lift = createEnumerationLift(variants);
  return {
    ...plainType,
    none: noneAmong(variants),
    words: () => i32,
    lift: (_, words, at) => lift(words[at] as number),
    lower: (_, value, words) => {
      const at = variants.indexOf(value as string);
      words.push(at < 0 ? variants.length : at);
    },
  };
}

/** Makes the type of a number enum, whose values are not checked. */
export function numberEnum(values: readonly number[]): Type {
  return scalar("i32", noneAmong(values));
}

/**
 * Makes the type of an optional value.
 *
 * @param inner - The type.
 */
export function option(inner: Type): Type {
  const { none } = inner;
  const isNothing = (value: unknown) => value === undefined || value === null;
  if (none === "number") return smallOption(inner, isNothing);
  const lifted =
    (isNone: (words: readonly Word[], at: number) => boolean, skip: number): Type["lift"] =>
    (runtime, words, at) =>
      isNone(words, at) ? undefined : inner.lift(runtime, words, at + skip);
  switch (none) {
    case "handle":
      // JavaScript receives the value itself; the module receives a number under both conventions, and 0 is none.
      return {
        ...plainType,
        words: inner.words,
        resultWords: () => i32,
        lift: (runtime, words, at) =>
          runtime.abi.handles === "heap" && words[at] === 0 ? undefined : inner.lift(runtime, words, at),
        lower: ({ handles }, value, words) => void words.push(isNothing(value) ? 0 : handles.add(value)),
      };
    case "address":
      return {
        ...plainType,
        words: inner.words,
        lift: lifted((words, at) => words[at] === 0, 0),
        lower: (runtime, value, words) => {
          if (isNothing(value)) words.push(0, 0);
          else inner.lower(runtime, value, words);
        },
      };
    case "flag":
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
    default:
      return {
        ...plainType,
        words: () => i32,
        lift: lifted((words, at) => words[at] === none, 0),
        lower: (runtime, value, words) => {
          if (isNothing(value)) words.push(none);
          else inner.lower(runtime, value, words);
        },
      };
  }
}

/** Makes the type of 32 bits or none: two words up to 0.2.95, then a double, which for none is outside 32 bits. */
function smallOption(inner: Type, isNothing: (value: unknown) => boolean): Type {
  const isPair = ({ version = Infinity }: ValueAbi) => version <= 95;
  const [old, present] = [2 ** 32 + 1, 2 ** 53 - 1];
  const missing = ({ version }: ValueAbi): number => {
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
      // Neither is a 32-bit number, so the version need not be known.
      return words[at] === old || words[at] === present ? undefined : inner.lift(runtime, words, at);
    },
    lower: (runtime, value, words) => {
      if (isPair(runtime.abi)) words.push(isNothing(value) ? 0 : 1);
      if (!isNothing(value)) inner.lower(runtime, value, words);
      else words.push(isPair(runtime.abi) ? 0 : missing(runtime.abi));
    },
  };
}

/** Makes the type of a closure on the module's stack. It can be called only while the import runs. */
export function stackClosure(closure: KnownClosure): Type {
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
 * Returns the conversion of a declared type that takes several words, or is made in the module's memory; for any other type,
 * the one that imports use.
 *
 * @param node - The declared type.
 * @param isOwned - Whether what lies in the module's memory is given away.
 * @returns The type; `undefined` if it cannot be passed.
 */
export function typeOfNode(node: TypeNode, isOwned = true): Type | undefined {
  switch (node.type) {
    case "string":
      return text(isOwned);
    case "bytes":
      return slice("u8", isOwned);
    case "array":
      return slice(node.element, isOwned);
    case "list":
      return ["js", "string", "owned", "closure", "promise"].includes(node.item.type) ? list(isOwned) : undefined;
    case "optional": {
      const inner = node.item.type === "optional" ? undefined : typeOfNode(node.item, isOwned);
      return inner && option(inner);
    }
    default:
      return ownValue(plainTypes, node.type as NumberName);
  }
}
