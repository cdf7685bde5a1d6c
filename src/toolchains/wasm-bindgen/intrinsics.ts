import { bytesOf } from "../../base/buffers.ts";
import { arrayDetached } from "../../bind/values/index.ts";
import { debugText } from "./debug-text.ts";
import type { Action } from "./lowered.ts";
import { release } from "./closures.ts";
import type { Runtime } from "./runtime.ts";
import { thrownError } from "./thrown.ts";

/** One of wasm-bindgen's own imports: the codes of its parameters and its result, and its action. */
export type Intrinsic = readonly [params: readonly string[], result: string, action: Action];

type Values = readonly unknown[];

const isNothing = (value: unknown) => value === undefined || value === null;
const predicate = (test: (value: unknown) => boolean): Intrinsic => [["h"], "b", (_, [value]) => test(value)];
const value = (make: (runtime: Runtime) => unknown): Intrinsic => [[], "H", make];
const from = (code: string, make: (given: never) => unknown): Intrinsic => [
  [code],
  "H",
  (_, [given]) => make(given as never),
];
/** Makes an operator on two values of any type, with JavaScript's own conversions. */
const operator = (result: string, apply: (a: never, b: never) => unknown): Intrinsic => [
  ["h", "h"],
  result,
  (_, [a, b]) => apply(a as never, b as never),
];
const numberArray = (element: string): Intrinsic => from(`[${element}]`, (array: unknown) => array);
const same = (given: unknown) => given;
/** Makes an integer of 128 bits. The upper word comes first, unlike everywhere else. */
const bigWords = (upper: string): Intrinsic => [
  [upper, "U"],
  "H",
  (_, [high, low]) => ((high as bigint) << 64n) | (low as bigint),
];

/**
 * wasm-bindgen's own imports by name, without underscores, because between 0.2.102 and 0.2.104 names had none. It does not
 * matter which of them a version has. Only one has changed its meaning: see `boolean_get`.
 */
export const intrinsics: ReadonlyMap<string, Intrinsic> = new Map(
  Object.entries<Intrinsic>({
    throw: [
      ["s"],
      "",
      ({ instance }, [message]: Values) => {
        throw thrownError(message as string, instance.shape);
      },
    ],
    rethrow: [
      ["H"],
      "",
      (_, [error]: Values) => {
        throw error;
      },
    ],
    object_drop_ref: [["H"], "", () => undefined],
    object_clone_ref: from("h", same),
    init_externref_table: [
      [],
      "",
      ({ handles }) => {
        handles.initialize();
      },
    ],
    externref_heap_live_count: [[], "i", ({ handles }) => handles.size],

    is_undefined: predicate((v) => v === undefined),
    is_null: predicate((v) => v === null),
    is_null_or_undefined: predicate(isNothing),
    object_is_null_or_undefined: predicate(isNothing),
    object_is_undefined: predicate((v) => v === undefined),
    is_object: predicate((v) => typeof v === "object" && v !== null),
    is_function: predicate((v) => typeof v === "function"),
    is_string: predicate((v) => typeof v === "string"),
    is_bigint: predicate((v) => typeof v === "bigint"),
    is_symbol: predicate((v) => typeof v === "symbol"),
    is_array: predicate(Array.isArray),
    is_falsy: predicate((v) => !v),
    jsval_eq: operator("b", (a, b) => a === b),
    jsval_loose_eq: operator("b", (a, b) => a == b),
    in: operator("b", (key: string, object: object) => key in object),

    string_get: [["h"], "?S", (_, [v]) => (typeof v === "string" ? v : undefined)],
    number_get: [["h"], "?d", (_, [v]) => (typeof v === "number" ? v : undefined)],
    bigint_get_as_i64: [["h"], "?I", (_, [v]) => (typeof v === "bigint" ? v : undefined)],
    boolean_get: [["h"], "?b", (_, [v]) => (typeof v === "boolean" ? v : undefined)],
    symbol_get_description: [["h"], "?S", (_, [v]) => (v as symbol).description],
    as_number: [["h"], "d", (_, [v]) => +(v as string)],
    debug_string: [["h"], "S", (_, [v]) => debugText(v)],
    json_serialize: [["h"], "S", (_, [v]) => JSON.stringify(v === undefined ? null : v)],
    json_parse: from("s", (text: string) => JSON.parse(text) as unknown),

    string_new: from("s", same),
    error_new: from("s", (message: string) => new Error(message)),
    number_new: from("d", same),
    bigint_from_i64: from("I", same),
    bigint_from_u64: from("U", same),
    bigint_from_i128: bigWords("I"),
    bigint_from_u128: bigWords("U"),
    bigint_from_str: from("s", (digits: string) => BigInt(digits)),
    symbol_named_new: from("s", (name: string) => Symbol(name)),
    symbol_anonymous_new: value(() => Symbol()),
    array_new: value(() => []),
    array_push: [["h", "H"], "", (_, [array, item]) => void (array as unknown[]).push(item)],
    int8_array_new: numberArray("i8"),
    uint8_array_new: numberArray("u8"),
    uint8_clamped_array_new: numberArray("c8"),
    int16_array_new: numberArray("i16"),
    uint16_array_new: numberArray("u16"),
    int32_array_new: numberArray("i"),
    uint32_array_new: numberArray("u"),
    bigint64_array_new: numberArray("I"),
    biguint64_array_new: numberArray("U"),
    float32_array_new: numberArray("f"),
    float64_array_new: numberArray("d"),
    copy_to_typed_array: [
      ["&[u8]", "h"],
      "",
      (_, [bytes, target]) => {
        const from = bytes as Uint8Array;
        const to = bytesOf(target);
        if (to?.length !== from.length) throw arrayDetached(from.length);
        to.set(from);
      },
    ],

    typeof: from("h", (v: unknown) => typeof v),
    // The module checks whether the result is an error.
    try_into_number: from("h", (v: string) => attempt(() => +v)),
    neg: from("h", (v: number) => -v),
    bit_not: from("h", (v: number) => ~v),
    bit_and: operator("H", (a: number, b: number) => a & b),
    bit_or: operator("H", (a: number, b: number) => a | b),
    bit_xor: operator("H", (a: number, b: number) => a ^ b),
    shl: operator("H", (a: number, b: number) => a << b),
    shr: operator("H", (a: number, b: number) => a >> b),
    unsigned_shr: operator("u", (a: number, b: number) => a >>> b),
    add: operator("H", (a: number, b: number) => a + b),
    sub: operator("H", (a: number, b: number) => a - b),
    mul: operator("H", (a: number, b: number) => a * b),
    div: operator("H", (a: number, b: number) => a / b),
    rem: operator("H", (a: number, b: number) => a % b),
    pow: operator("H", (a: number, b: number) => a ** b),
    checked_div: operator("H", (a: number, b: number) => attempt(() => a / b, RangeError)),
    lt: operator("b", (a: number, b: number) => a < b),
    le: operator("b", (a: number, b: number) => a <= b),
    ge: operator("b", (a: number, b: number) => a >= b),
    gt: operator("b", (a: number, b: number) => a > b),

    memory: value((runtime) => runtime.instance.memory.raw),
    module: value((runtime) => runtime.module),
    exports: value((runtime) => runtime.instance.exports),
    function_table: value((runtime) => runtime.instance.table.raw),

    cb_drop: [["H"], "b", (_, [closure]) => releaseClosure(closure)],
  } satisfies { [name: string]: Intrinsic }).map(([name, intrinsic]) => [squash(name), intrinsic]),
);

/** Before 0.2.102, none was 2 here, unlike in every other optional bool. */
export const oldBooleanGet: Intrinsic = [["h"], "i", (_, [v]) => (typeof v === "boolean" ? Number(v) : 2)];

/** Returns the name of an import without prefix, hash and underscores, if it has the form of wasm-bindgen's own imports. */
export function intrinsicName(name: string): string | undefined {
  const found = /^__(?:wbg___)?wbindgen_(.+?)(?:_[0-9a-f]{16})?$|^__wbg_wbindgen(.+?)_[0-9a-f]{16}$/.exec(name);
  return found ? squash(found[1] ?? found[2] ?? "") : undefined;
}

function squash(name: string): string {
  return name.replaceAll("_", "");
}

/** Returns the result, or what is thrown: anything, or the errors of a class. */
function attempt(compute: () => unknown, caught?: ErrorConstructor): unknown {
  try {
    return compute();
  } catch (error) {
    if (caught && !(error instanceof caught)) throw error;
    return error;
  }
}

function releaseClosure(closure: unknown): boolean {
  const state = (closure as { readonly [release]?: () => boolean } | undefined)?.[release];
  return state?.() ?? false;
}
