import { t } from "unglue";
import type { DeclaredType } from "../../src/public/index.ts";
import { type Bindgen, returning } from "./bindgen.ts";

/** A type: its words by the fact sheet, and values that must come back as they are, or as the second of a pair. */
export interface Case {
  readonly type: DeclaredType;
  /** The words of a parameter. */
  readonly words: readonly string[];
  readonly values: readonly unknown[];
  /** The value that comes back for each, if it is a different one. */
  readonly back?: readonly unknown[];
  /** The only word as a result; a number in the table of values as a parameter. */
  readonly kind?: "value" | "optional value";
  /** A word of 32 bits where the module wants to know no more than that there is one. */
  readonly versions?: readonly (number | undefined)[];
}

const pair = ["i32", "i32"];
const object = { deep: [1] };
const run = () => 7;
const promise = Promise.resolve(5);
const long = "ab€😀".repeat(14_000);

/** The versions in these tests that a module tells. */
const told = [80, 92, 95, 96, 104, 118, 119];
/** The versions that pass 64 bits as one word, and none, which counts as the latest. */
const after82 = [...told.slice(1), undefined];

/** Every type that wasm-bindgen has. */
export const cases: Readonly<Record<string, Case>> = {
  i8: { type: t.i8, words: ["i32"], values: [-128, 127, 0] },
  u8: { type: t.u8, words: ["i32"], values: [0, 255] },
  i16: { type: t.i16, words: ["i32"], values: [-32768, 32767] },
  u16: { type: t.u16, words: ["i32"], values: [0, 65535] },
  i32: { type: t.i32, words: ["i32"], values: [-(2 ** 31), 2 ** 31 - 1, -0], back: [-(2 ** 31), 2 ** 31 - 1, 0] },
  u32: { type: t.u32, words: ["i32"], values: [0, 2 ** 31, 2 ** 32 - 1] },
  size: { type: t.size, words: ["i32"], values: [0, 2 ** 31, 2 ** 32 - 1] },
  i64: { type: t.i64, words: ["i64"], values: [-(2n ** 63n), 2n ** 63n - 1n, 0n], versions: after82 },
  u64: { type: t.u64, words: ["i64"], values: [0n, 2n ** 63n, 2n ** 64n - 1n], versions: after82 },
  bits32: { type: t.bits32, words: ["i32"], values: [0, -1, -(2 ** 31), 2 ** 31 - 1] },
  bits64: { type: t.bits64, words: ["i64"], values: [0n, -1n, -(2n ** 63n), 2n ** 63n - 1n], versions: after82 },
  "old bits64": { type: t.bits64, words: pair, values: [0n, -1n, -(2n ** 63n)], versions: [80] },
  "old i64": { type: t.i64, words: pair, values: [-(2n ** 63n), 2n ** 63n - 1n, -1n, 0n], versions: [80] },
  "old u64": { type: t.u64, words: pair, values: [0n, 2n ** 63n, 2n ** 64n - 1n], versions: [80] },
  i128: { type: t.i128, words: ["i64", "i64"], values: [-(2n ** 127n), 2n ** 127n - 1n, -1n, 1n, 2n ** 64n] },
  u128: { type: t.u128, words: ["i64", "i64"], values: [0n, 2n ** 127n, 2n ** 128n - 1n, 2n ** 64n - 1n] },
  f32: {
    type: t.f32,
    words: ["f32"],
    values: [1.5, 0.1, -0, NaN, -Infinity],
    back: [1.5, Math.fround(0.1), -0, NaN, -Infinity],
  },
  f64: { type: t.f64, words: ["f64"], values: [0.1, -0, NaN, Infinity, 2 ** 53] },
  bool: { type: t.bool, words: ["i32"], values: [true, false] },
  char: { type: t.char, words: ["i32"], values: ["a", "\0", "é", "😀", "\u{10ffff}"] },
  string: {
    type: t.string,
    words: pair,
    values: ["", "a", "ASCII of more than thirty-two units", "é", "日本語", "😀", "a\0b", "\ufeffx", long],
  },
  bytes: {
    type: t.bytes,
    words: pair,
    values: [Uint8Array.of(), Uint8Array.of(1, 2, 255), new Uint8Array(100_000).fill(7)],
  },
  "array of i8": { type: t.array(t.i8), words: pair, values: [Int8Array.of(-128, 127)] },
  "array of u8": { type: t.array(t.u8), words: pair, values: [Uint8Array.of(0, 255)] },
  "array of i16": { type: t.array(t.i16), words: pair, values: [Int16Array.of(-32768, 32767)] },
  "array of u16": { type: t.array(t.u16), words: pair, values: [Uint16Array.of(0, 65535)] },
  "array of i32": { type: t.array(t.i32), words: pair, values: [Int32Array.of(-1, 2)] },
  "array of u32": { type: t.array(t.u32), words: pair, values: [Uint32Array.of(), Uint32Array.of(1, 2 ** 32 - 1)] },
  "array of i64": { type: t.array(t.i64), words: pair, values: [BigInt64Array.of(-1n)] },
  "array of u64": { type: t.array(t.u64), words: pair, values: [BigUint64Array.of(2n ** 64n - 1n)] },
  "array of f32": { type: t.array(t.f32), words: pair, values: [Float32Array.of(1.5, NaN)] },
  "array of f64": { type: t.array(t.f64), words: pair, values: [Float64Array.of(0.1, -0)] },
  "list of strings": { type: t.list(t.string), words: pair, values: [[], [""], ["a", "é", "😀"]] },
  "list of values": { type: t.list(t.js), words: pair, values: [[], [1, undefined, object, "a"]] },
  value: { type: t.js, words: ["value"], kind: "value", values: [undefined, null, true, 0, NaN, "a", 1n, object, run] },
  promise: { type: t.promise(t.u32), words: ["value"], kind: "value", values: [promise] },
  closure: { type: t.closure([t.u32], t.u32), words: ["value"], kind: "value", values: [run] },
  texts: {
    type: t.enumeration(["low", "high", "a|b"]),
    words: ["i32"],
    values: ["low", "high", "a|b"],
    versions: [95, 104, 119],
  },
  "old texts": {
    type: t.enumeration(["low", "high"]),
    words: ["value"],
    kind: "value",
    values: ["low", "high"],
    versions: [80, 92],
  },
  numbers: { type: t.enumeration({ Low: 0, High: 7, Least: -1 }), words: ["i32"], values: [0, 7, -1] },
  "great numbers": { type: t.enumeration({ Most: 2 ** 32 - 1, One: 1 }), words: ["i32"], values: [2 ** 32 - 1, 1] },

  "optional i8": { type: t.optional(t.i8), words: ["i32"], values: [undefined, -128, 127] },
  "optional u8": { type: t.optional(t.u8), words: ["i32"], values: [undefined, 0, 255] },
  "optional u16": { type: t.optional(t.u16), words: ["i32"], values: [undefined, 0, 65535] },
  "optional bool": { type: t.optional(t.bool), words: ["i32"], values: [undefined, false, true] },
  "optional char": { type: t.optional(t.char), words: ["i32"], values: [undefined, "\0", "😀"] },
  "old optional i32": { type: t.optional(t.i32), words: pair, values: [undefined, 0, -1], versions: [80, 92, 95] },
  "old optional u32": {
    type: t.optional(t.u32),
    words: pair,
    values: [undefined, 0, 2 ** 32 - 1],
    versions: [80, 92, 95],
  },
  "old optional f32": {
    type: t.optional(t.f32),
    words: ["i32", "f32"],
    values: [undefined, 0, NaN],
    versions: [80, 92, 95],
  },
  "optional i32": {
    type: t.optional(t.i32),
    words: ["f64"],
    values: [undefined, 0, -(2 ** 31)],
    versions: [96, 118, 119],
  },
  "optional u32": {
    type: t.optional(t.u32),
    words: ["f64"],
    values: [undefined, 0, 2 ** 32 - 1],
    versions: [96, 118, 119],
  },
  "optional size": {
    type: t.optional(t.size),
    words: ["f64"],
    values: [undefined, 0, 2 ** 32 - 1],
    versions: [96, 118, 119],
  },
  "optional f32": {
    type: t.optional(t.f32),
    words: ["f64"],
    values: [undefined, 0.1, 2 ** 32 + 1, 2 ** 53 - 1, NaN],
    back: [undefined, Math.fround(0.1), 2 ** 32, 2 ** 53, NaN],
    versions: [96, 118, 119],
  },
  "optional f64": {
    type: t.optional(t.f64),
    words: ["i32", "f64"],
    values: [undefined, 0, 2 ** 53 - 1, 2 ** 32 + 1, NaN],
  },
  "optional i64": {
    type: t.optional(t.i64),
    words: ["i32", "i64"],
    values: [undefined, 0n, -(2n ** 63n)],
    versions: after82,
  },
  "optional u64": {
    type: t.optional(t.u64),
    words: ["i32", "i64"],
    values: [undefined, 0n, 2n ** 64n - 1n],
    versions: after82,
  },
  "old optional i64": {
    type: t.optional(t.i64),
    words: ["i32", "i32", "i32"],
    values: [undefined, 0n, -1n, -(2n ** 63n)],
    versions: [80],
  },
  "optional bits16": { type: t.optional(t.bits16), words: ["i32"], values: [undefined, 0, -1, 65535, -(2 ** 15)] },
  "optional u128": { type: t.optional(t.u128), words: ["i32", "i64", "i64"], values: [undefined, 0n, 2n ** 128n - 1n] },
  "optional i128": { type: t.optional(t.i128), words: ["i32", "i64", "i64"], values: [undefined, 0n, -(2n ** 127n)] },
  "optional string": { type: t.optional(t.string), words: pair, values: [undefined, "", "a", "日本語"] },
  "optional bytes": { type: t.optional(t.bytes), words: pair, values: [undefined, Uint8Array.of(), Uint8Array.of(1)] },
  "optional array": {
    type: t.optional(t.array(t.f64)),
    words: pair,
    values: [undefined, Float64Array.of(), Float64Array.of(1)],
  },
  "optional list": { type: t.optional(t.list(t.string)), words: pair, values: [undefined, [], ["a"]] },
  "optional value": {
    type: t.optional(t.js),
    words: ["i32"],
    kind: "optional value",
    values: [undefined, 0, "a", object],
  },
  "optional closure": {
    type: t.optional(t.closure([], t.void)),
    words: ["i32"],
    kind: "optional value",
    values: [undefined, run],
  },
  "optional texts": {
    type: t.optional(t.enumeration(["low", "high", "a|b"], { complete: true })),
    words: ["i32"],
    values: [undefined, "low", "a|b"],
    versions: [95, 119],
  },
  "optional numbers": {
    type: t.optional(t.enumeration({ Low: 0, High: 7, Mid: 1 }, { complete: true })),
    words: ["i32"],
    values: [undefined, 0, 1, 7],
    // Without a version it cannot be told from a double, where it is written to memory.
    versions: told,
  },
  "number with a stated none": {
    type: t.optional(t.i32, { none: 2 }),
    words: ["i32"],
    values: [undefined, 0, 1, -1, 3, -(2 ** 31)],
    versions: told,
  },
  "unsigned number with a stated none": {
    type: t.optional(t.u32, { none: -1 }),
    words: ["i32"],
    values: [undefined, 0, 2 ** 31, 2 ** 32 - 2],
    versions: told,
  },
  "narrow number with a stated none": {
    type: t.optional(t.u8, { none: 256 }),
    words: ["i32"],
    values: [undefined, 0, 255],
    versions: told,
  },
  "numbers with a stated none": {
    type: t.optional(t.enumeration({ Low: 0, High: 7 }), { none: 3 }),
    words: ["i32"],
    values: [undefined, 0, 7],
    versions: told,
  },
};

/** The words of a parameter, given back as those of a result. */
export function echo(name: string, { words, kind }: Case, convention: Bindgen, hasError: boolean): string {
  const { handles } = convention;
  const isTable = handles === "externref";
  const params = words.map((word) => (word !== "value" ? word : isTable ? "externref" : "i32"));
  let results = params.map((type, at): readonly [string, string] => [type, `$${at}`]);
  if (isTable && kind === "value" && hasError) results = [["i32", "(call $slot $0)"]];
  if (isTable && kind === "optional value" && !hasError) results = [["externref", "(call $take $0)"]];
  const error: typeof results = hasError
    ? [
        ["i32", "(i32.const 0)"],
        ["i32", "(i32.const 0)"],
      ]
    : [];
  return returning(name, params, [...results, ...error], convention);
}

/** The same words as parameters and zeros, with an error that is the other parameter. */
export function failing(name: string, { words, kind }: Case, convention: Bindgen): string {
  const isTable = convention.handles === "externref";
  const results = words.map((word): readonly [string, string] => {
    const type = word === "value" || kind ? "i32" : word;
    return [type, `(${type}.const 0x5a)`];
  });
  const error: typeof results = [
    ["i32", isTable ? "(call $slot $0)" : "$0"],
    ["i32", "(i32.const 1)"],
  ];
  return returning(name, [isTable ? "externref" : "i32"], [...results, ...error], convention);
}
