import { describe, expect, it } from "vitest";
import { load } from "unglue";
import { wat } from "../wat.ts";

/** A module that imports one of wasm-bindgen's own functions and exports it again, with memory and an allocator. */
const passing = (name: string, type: string) =>
  wat(`(module
    (import "wbg" "${name}" (func $it ${type}))
    (memory (export "memory") 1)
    (global $free (mut i32) (i32.const 1024))
    (func (export "__wbindgen_malloc") (param i32 i32) (result i32)
      (global.get $free) (global.set $free (i32.add (global.get $free) (i32.add (local.get 0) (i32.const 8)))))
    (func (export "__wbindgen_free") (param i32 i32 i32))
    (func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32) (i32.const 512))
    (export "call" (func $it)))`);

type Call = (...words: unknown[]) => unknown;

async function open(name: string, type: string) {
  const wasm = await load<{ call: Call }>(await passing(name, type));
  const [report] = wasm.imports;
  expect(report?.provider).toBe("adapter");
  return { wasm, call: wasm.exports.call, add: (value: unknown) => wasm.handles.add(value) };
}

const hashed = (name: string) => `__wbg___wbindgen_${name}_0123456789abcdef`;
const squashed = (name: string) => `__wbg_wbindgen${name.replaceAll("_", "")}_0123456789abcdef`;

const values = [undefined, null, true, false, 0, -0, NaN, 1.5, "", "tëxt", 7n, Symbol("s"), {}, [], () => 1];

describe("a question about a value", () => {
  const questions: Readonly<Record<string, (value: unknown) => boolean>> = {
    is_undefined: (value) => value === undefined,
    is_null: (value) => value === null,
    is_object: (value) => typeof value === "object" && value !== null,
    is_function: (value) => typeof value === "function",
    is_string: (value) => typeof value === "string",
    is_bigint: (value) => typeof value === "bigint",
    is_symbol: (value) => typeof value === "symbol",
    is_falsy: (value) => !value,
  };

  it.each(Object.keys(questions))("%s is answered under its names of every era", async (name) => {
    for (const imported of [`__wbindgen_${name}`, hashed(name), squashed(name)]) {
      const { call, add, wasm } = await open(imported, "(param i32) (result i32)");
      expect(values.map((value) => call(add(value)))).toEqual(values.map((value) => Number(questions[name]?.(value))));
      expect(wasm.handles.size).toBe(values.length);
    }
  });

  it("boolean_get has one word for what is no boolean, and another since its name has a hash", async () => {
    const old = await open("__wbindgen_boolean_get", "(param i32) (result i32)");
    expect([true, false, "true"].map((value) => old.call(old.add(value)))).toEqual([1, 0, 2]);
    const now = await open(hashed("boolean_get"), "(param i32) (result i32)");
    expect([true, false, "true"].map((value) => now.call(now.add(value)))).toEqual([1, 0, 0xffffff]);
  });
});

describe("a value with a type", () => {
  it("number_get writes a flag, and the number eight bytes behind it", async () => {
    const { wasm, call, add } = await open("__wbindgen_number_get", "(param i32 i32)");
    call(64, add(-2.5));
    expect([wasm.memory.view.getInt32(64, true), wasm.memory.view.getFloat64(72, true)]).toEqual([1, -2.5]);
    call(64, add("2.5"));
    expect(wasm.memory.view.getInt32(64, true)).toBe(0);
  });

  it("bigint_get_as_i64 wraps what 64 bits cannot hold", async () => {
    const { wasm, call, add } = await open("__wbindgen_bigint_get_as_i64", "(param i32 i32)");
    call(64, add(2n ** 64n + 5n));
    expect([wasm.memory.view.getInt32(64, true), wasm.memory.view.getBigInt64(72, true)]).toEqual([1, 5n]);
  });

  it.each(["", "plain", "naïve 🎈 text", "\0", "x".repeat(5000)])("string_get passes the text %j", async (text) => {
    const { wasm, call, add } = await open("__wbindgen_string_get", "(param i32 i32)");
    call(64, add(text));
    const [address = 0, length = 0] = wasm.memory.u32.subarray(16, 18);
    expect(address).not.toBe(0);
    expect(wasm.memory.readString(address, length)).toBe(text);
    call(64, add(1));
    expect(wasm.memory.u32[16]).toBe(0);
  });
});

describe("an operation", () => {
  it("throw throws an Error with the text, and rethrow the value itself", async () => {
    const thrower = await open("__wbindgen_throw", "(param i32 i32)");
    const { address, length } = thrower.wasm.memory.allocString("no such thing: ü");
    expect(() => thrower.wasm.guarded.call(address, length)).toThrow(new Error("no such thing: ü"));
    const { wasm, add } = await open("__wbindgen_rethrow", "(param i32)");
    const value = { code: 7 };
    expect(() => wasm.guarded.call(add(value))).toThrow(expect.objectContaining(value) as Error);
    expect(wasm.handles.size).toBe(0);
    expect(wasm.state).toBe("live");
  });

  it("object_clone_ref makes a second handle, and object_drop_ref drops one", async () => {
    const { wasm, call, add } = await open("__wbindgen_object_clone_ref", "(param i32) (result i32)");
    const value = { one: 1 };
    const handle = add(value);
    const clone = call(handle) as number;
    expect(clone).not.toBe(handle);
    wasm.handles.drop(handle);
    expect(wasm.handles.get(clone)).toBe(value);
    const dropper = await open("__wbindgen_object_drop_ref", "(param i32)");
    dropper.call(dropper.add(value));
    expect(dropper.wasm.handles.size).toBe(0);
  });

  it.each([
    ["bigint_from_i64", "i64", -1n, -1n],
    ["bigint_from_u64", "i64", -1n, 2n ** 64n - 1n],
    ["number_new", "f64", 0.1, 0.1],
  ] as const)("%s makes a value of a word", async (name, word, given, expected) => {
    const { wasm, call } = await open(`__wbindgen_${name}`, `(param ${word}) (result i32)`);
    expect(wasm.handles.take(call(given) as number)).toBe(expected);
  });

  it.each([
    ["i128", -2n, 2n ** 64n - 1n, -(2n ** 64n) - 1n],
    ["i128", 2n ** 62n, -1n, 2n ** 126n + 2n ** 64n - 1n],
    ["u128", -1n, 5n, 2n ** 128n - 2n ** 64n + 5n],
    ["u128", 0n, -1n, 2n ** 64n - 1n],
  ])("bigint_from_%s takes the upper word %s before the lower %s", async (name, high, low, expected) => {
    const { wasm, call } = await open(`__wbindgen_bigint_from_${name}`, "(param i64 i64) (result i32)");
    expect(wasm.handles.take(call(high, low) as number)).toBe(expected);
  });

  it("checked_div returns that it divides by zero, and throws any other error", async () => {
    const { wasm, call, add } = await open(hashed("checked_div"), "(param i32 i32) (result i32)");
    const divided = (a: unknown, b: unknown) => wasm.handles.take(call(add(a), add(b)) as number);
    expect(divided(7n, 2n)).toBe(3n);
    expect(divided(7n, 0n)).toBeInstanceOf(RangeError);
    expect(() => divided(7n, 2)).toThrow(TypeError);
  });

  it("try_into_number returns whatever is thrown", async () => {
    const { wasm, call, add } = await open(hashed("try_into_number"), "(param i32) (result i32)");
    const number = (value: unknown) => wasm.handles.take(call(add(value)) as number);
    const thrower = {
      valueOf: () => {
        throw "a text";
      },
    };
    expect([number("0x10"), number(thrower)]).toEqual([16, "a text"]);
    expect(number(7n)).toBeInstanceOf(TypeError);
  });

  it.each([
    ["int8", Int8Array.of(-1, 127)],
    ["uint8", Uint8Array.of(255, 1)],
    ["uint8_clamped", Uint8ClampedArray.of(255, 1)],
    ["int16", Int16Array.of(-1, 300)],
    ["uint16", Uint16Array.of(65_535, 1)],
    ["int32", Int32Array.of(-1, 70_000)],
    ["uint32", Uint32Array.of(4_294_967_295, 1)],
    ["bigint64", BigInt64Array.of(-1n, 2n ** 40n)],
    ["biguint64", BigUint64Array.of(2n ** 64n - 1n, 1n)],
    ["float32", Float32Array.of(-0.5, 1)],
    ["float64", Float64Array.of(-0.1, 1)],
  ])("%s_array_new makes a typed array of the module's own", async (name, array) => {
    const { wasm, call } = await open(`__wbindgen_${name}_array_new`, "(param i32 i32) (result i32)");
    const address = wasm.memory.alloc(array.byteLength, array.BYTES_PER_ELEMENT);
    wasm.memory.write(address, array);
    expect(wasm.handles.take(call(address, array.length) as number)).toEqual(array);
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [-0.5, "-0.5"],
    [7n, "7"],
    ["text", '"text"'],
    [Symbol("name"), "Symbol(name)"],
    [[1, ["two"]], '[1, ["two"]]'],
    [{ a: 1 }, 'Object({"a":1})'],
    [new Map(), "Map"],
    [wat, "Function(wat)"],
  ])("debug_string describes %o as %s", async (value, expected) => {
    const { wasm, call, add } = await open("__wbindgen_debug_string", "(param i32 i32)");
    call(64, add(value));
    const [address = 0, length = 0] = wasm.memory.u32.subarray(16, 18);
    expect(wasm.memory.readString(address, length)).toBe(expected);
  });

  it("is left to the stubs where its type is not the one that it would have", async () => {
    const wasm = await load(await passing("__wbindgen_is_null", "(param f32) (result f32)"));
    expect(wasm.imports).toMatchObject([{ provider: "stub" }]);
  });
});
