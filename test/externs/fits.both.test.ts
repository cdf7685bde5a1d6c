import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { describeMisfit } from "../../src/imports/externs/fits.ts";
import { probe } from "../../src/imports/externs/probe.ts";
import type { Extern, ImportShape, MemoryType, Shape, TableType, ValueType } from "../../src/public/index.ts";
import { wat } from "../wat.ts";

afterEach(() => vi.restoreAllMocks());

const shape = {} as Shape;
const wanted = (extern: Extern): ImportShape => ({ module: "env", name: "x", ...extern });
const aMemory = (type: Partial<MemoryType> = {}): ImportShape =>
  wanted({ kind: "memory", type: { initial: 1, shared: false, address: "i32", pageSize: 65536, ...type } });
const aTable = (type: Partial<TableType> = {}): ImportShape =>
  wanted({ kind: "table", type: { element: "funcref", initial: 1, shared: false, address: "i32", ...type } });
const aGlobal = (value: ValueType, mutable = false): ImportShape =>
  wanted({ kind: "global", type: { value, mutable } });
const aFunction = wanted({ kind: "function", type: { params: ["i32"], results: [] } });
const aTag = wanted({ kind: "tag", type: { params: ["i32"] } });

const memory = (initial: number, maximum?: number): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial, ...(maximum !== undefined && { maximum }) });
const sharedMemory = (initial: number, maximum: number): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial, maximum, shared: true });
const table = (initial: number, maximum?: number, element: "anyfunc" | "externref" = "anyfunc"): WebAssembly.Table =>
  new WebAssembly.Table({ element, initial, ...(maximum !== undefined && { maximum }) });
const global = (
  value: "i32" | "i64" | "f32" | "f64" | "externref" | "anyfunc",
  content: unknown,
  mutable = false,
): WebAssembly.Global => new WebAssembly.Global({ value, mutable }, content);

let exported: Record<string, unknown>;
beforeAll(async () => {
  const bytes = await wat(`(module
    (func (export "f64") (param f64)) (func (export "i32") (param i32))
    (global (export "vector") (mut v128) (v128.const i32x4 1 2 3 4))
    (tag (export "tag") (param f64)))`);
  exported = (await WebAssembly.instantiate(bytes)).instance.exports;
});

describe("what fits", () => {
  it.each<[string, () => unknown, ImportShape]>([
    ["a function", () => () => 1, aFunction],
    ["a memory", () => memory(1), aMemory()],
    ["a larger memory", () => memory(3), aMemory({ initial: 2 })],
    ["a shared memory", () => sharedMemory(1, 2), aMemory({ shared: true, maximum: 2 })],
    ["a table", () => table(1), aTable()],
    ["a number for i32", () => 5, aGlobal("i32")],
    ["a number for f64", () => 0.5, aGlobal("f64")],
    ["a bigint for i64", () => 5n, aGlobal("i64")],
    ["anything for externref", () => "text", aGlobal("externref")],
    ["a global", () => global("i32", 5), aGlobal("i32")],
    ["a mutable global", () => global("i64", 5n, true), aGlobal("i64", true)],
    ["a mutable global that holds NaN", () => global("f32", NaN, true), aGlobal("f32", true)],
    ["a global of references", () => global("externref", {}), aGlobal("externref")],
    ["a vector global", () => exported["vector"], aGlobal("v128", true)],
    ["a tag", () => exported["tag"], aTag],
    ["a memory of unknown type", () => memory(0), wanted({ kind: "memory" })],
    ["a number of unknown type", () => 5, wanted({ kind: "global" })],
  ])("is let through: %s", (_, make, declared) => {
    expect(describeMisfit(make(), declared)).toBe(undefined);
  });

  it("keeps its content", () => {
    const given = global("i64", 77n, true);
    describeMisfit(given, aGlobal("i64", true));
    expect(given.value).toBe(77n);
  });
});

describe("what does not fit", () => {
  it.each<[string, () => unknown, ImportShape, string]>([
    ["a number for a function", () => 5, aFunction, "5"],
    ["nothing for a function", () => null, aFunction, "null"],
    ["an object for a memory", () => ({}), aMemory(), "an object (Object)"],
    ["a table for a memory", () => table(1), aMemory(), "an object (WebAssembly.Table)"],
    ["too small a memory", () => memory(1), aMemory({ initial: 2 }), "a memory of 1 page"],
    ["too small a memory with a maximum", () => memory(2, 9), aMemory({ initial: 3 }), "a memory of 2 pages"],
    ["an unshared memory", () => memory(1, 2), aMemory({ shared: true, maximum: 2 }), "a memory of 1 page"],
    ["a shared memory", () => sharedMemory(1, 7), aMemory({ maximum: 7 }), "a shared memory of 1 page"],
    ["too small a table", () => table(1, 5), aTable({ initial: 2 }), "a table of 1 element"],
    ["too small a table of references", () => table(0, undefined, "externref"), aTable(), "a table of 0 elements"],
    ["a number for i64", () => 5, aGlobal("i64"), "5"],
    ["a bigint for i32", () => 5n, aGlobal("i32"), "5n"],
    ["text for f64", () => "5", aGlobal("f64"), '"5"'],
    ["a number for a mutable global", () => 5, aGlobal("i32", true), "5"],
    [
      "an immutable global for a mutable one",
      () => global("i32", 5),
      aGlobal("i32", true),
      "an immutable global that holds 5",
    ],
    [
      "a mutable global for an immutable one",
      () => global("f64", 5, true),
      aGlobal("f64"),
      "a mutable global that holds 5",
    ],
    ["a global of another number", () => global("i64", 5n), aGlobal("i32"), "an immutable global that holds 5n"],
    [
      "a global that holds NaN for i64",
      () => global("f64", NaN, true),
      aGlobal("i64", true),
      "a global that holds NaN",
    ],
    [
      "a vector global for a number",
      () => exported["vector"],
      aGlobal("i32", true),
      "a global that JavaScript cannot read",
    ],
    ["a number for a vector", () => 5, aGlobal("v128"), "5"],
    ["a function for a tag", () => () => 1, aTag, "a function"],
    ["a memory of unknown type", () => 5, wanted({ kind: "memory" }), "5"],
  ])("is told in words: %s", (_, make, declared, text) => {
    expect(describeMisfit(make(), declared)).toBe(text);
  });

  it("does not fool it with a name", () => {
    expect(
      describeMisfit({ [Symbol.toStringTag]: "WebAssembly.Memory", buffer: new ArrayBuffer(1) }, aMemory()),
    ).toBeTypeOf("string");
  });
});

describe("what only the engine sees", () => {
  it.each<[string, () => unknown, ImportShape]>([
    ["a memory without the maximum", () => memory(1), aMemory({ maximum: 2 })],
    ["a memory of a higher maximum", () => memory(1, 9), aMemory({ maximum: 2 })],
    ["a table of a higher maximum", () => table(1, 9), aTable({ maximum: 2 })],
    ["a table of other elements", () => table(1, undefined, "externref"), aTable()],
    ["a global of another number", () => global("f64", 1), aGlobal("f32")],
    ["a global of other references", () => global("anyfunc", null, true), aGlobal("externref", true)],
    ["a function of another type", () => exported["f64"], aFunction],
    ["a tag of another type", () => exported["tag"], aTag],
  ])("is found by asking it: %s", (_, make, declared) => {
    const value = make();
    expect(describeMisfit(value, declared)).toBe(undefined);
    expect(probe(value, declared, shape)).toBe(false);
  });

  it.each<[string, () => unknown, ImportShape]>([
    ["a memory", () => memory(1, 2), aMemory({ maximum: 2 })],
    ["a table", () => table(1, 2), aTable({ maximum: 2 })],
    ["a global", () => global("f32", 1), aGlobal("f32")],
    ["a number", () => 5, aGlobal("i32")],
    ["a JavaScript function", () => () => 1, aFunction],
    ["a function of the type", () => exported["i32"], aFunction],
  ])("is right for what fits: %s", (_, make, declared) => {
    expect(probe(make(), declared, shape)).toBe(true);
  });

  it("is no reason to blame a value where the engine does not know the type", () => {
    expect(probe(5, aGlobal("(ref null 99)"), shape)).toBe(true);
  });

  it("stays with what JavaScript sees where the engine must not compile", () => {
    vi.spyOn(WebAssembly, "Module").mockImplementation(function () {
      throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder");
    });
    expect(probe(memory(1), aMemory({ maximum: 2 }), shape)).toBe(true);
  });
});
