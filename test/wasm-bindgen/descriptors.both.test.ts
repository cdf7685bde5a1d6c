import { describe, expect, it } from "vitest";
import { compileSync, inspect, load, loadSync } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { readDescriptor } from "../../src/toolchains/wasm-bindgen/descriptors.ts";
import { type Bindgen, bindgen, externref, heap } from "../bind/bindgen.ts";
import { list, sections, text, unsigned } from "../reflect/assemble.ts";
import { thrownBy } from "../wat.ts";

const closure = (types: string, result = "Unit", more = "owned: true", shim = 3) =>
  `Closure(Closure { ${more}, function: Function { arguments: [${types}], shim_idx: ${shim}, ret: ${result}, ` +
  `inner_ret: Some(${result}) }, mutable: true }) -> Externref`;

/** Adds a name section with the names of the first functions. */
const named = (bytes: Uint8Array, names: readonly string[]) => {
  const functions = list(...names.map((name, index) => [index, ...text(name)]));
  return Uint8Array.of(...bytes, ...sections.custom("name", [1, ...unsigned(functions.length), ...functions]));
};

describe("the name of a cast in the name section", () => {
  it.each([
    ["Ref(String) -> Externref", "s"],
    ["Ref(CachedString) -> Externref", "s"],
    ["String -> Externref", "S"],
    ["F64 -> Externref", "d"],
    ["I64 -> Externref", "I"],
    ["U64 -> Externref", "U"],
    ["U128 -> Externref", "u128"],
    ['Ref(Slice(U8)) -> NamedExternref("Uint8Array")', "&[u8]"],
    ["Ref(Slice(ClampedU8)) -> Externref", "&[c8]"],
    ["Vector(F64) -> Externref", "[d]"],
    ['Vector(NamedExternref("string")) -> Externref', "[h]"],
    ["Option(F64) -> Externref", "?d"],
    [closure(""), "mut ()->"],
    [closure('NamedExternref("Event")'), "mut (H)->"],
    [closure("Ref(Externref), U32, Boolean, String"), "mut (h,u,b,S)->"],
    [closure("Externref", "Result(Unit)"), "mut (H)->!"],
    [closure("Externref", "Result(Externref)"), "mut (H)->!H"],
    [closure("Externref").replace("mutable: true", "mutable: false"), "(H)->"],
  ])("%s is the code of its type", (name, code) => {
    expect(readDescriptor(name)).toMatchObject({ text: name, code });
  });

  it("tells what runs a closure, and in some versions what destroys it", () => {
    expect(readDescriptor(closure("", "Unit", "owned: false", 12))?.closure).toEqual({
      isOwned: false,
      shim: "12",
      destroy: undefined,
    });
    expect(readDescriptor(closure("", "Unit", "dtor_idx: 7"))?.closure).toEqual({
      isOwned: true,
      shim: "3",
      destroy: 7,
    });
  });

  it.each([
    "ClampedU8 -> Externref",
    "Vector(Boolean) -> Externref",
    "Option(Option(F64)) -> Externref",
    'RustStruct { name: "Foo", unique_crate_identifier: "" } -> Externref',
    "Externref -> String",
    closure('RustStruct { name: "A -> Externref", unique_crate_identifier: "x" }'),
    closure("Externref", "Result(Char, Char)"),
    `${"Ref(".repeat(999)}String${")".repeat(999)} -> Externref`,
    '__wbg_get_0011223344556677: [Ref(NamedExternref("Object")), Ref(String)] -> Externref',
  ])("%#: some are of no type that is known", (name) => {
    expect(readDescriptor(name)).toEqual({ text: name, code: undefined, closure: undefined });
  });

  it.each([
    "",
    "imports.log",
    "Ref(String)",
    "Ref(String -> Externref",
    "Ref(String) -> Externref, more",
    closure("Externref", "Result()"),
    `${"Ref(".repeat(9999)} -> Externref`,
    `${'NamedExternref("\\'.repeat(9999)} -> Externref`,
  ])("%#: any other name tells nothing", (name) => {
    expect(readDescriptor(name)).toBeUndefined();
  });
});

const name = (number: number) => `__wbindgen_generic_${number.toString(16).padStart(16, "0")}`;
const shim = (unit: string) => `wasm_bindgen_x___convert__closures_____invoke___${unit}_`;

/** A module of 0.2.130 with casts of two words, and the functions that run closures. */
const module = async (
  names: readonly string[],
  shims: readonly string[],
  { isNamed = true, ...convention }: Bindgen & { readonly isNamed?: boolean } = externref,
) => {
  const value = convention.handles === "heap" ? "i32" : "externref";
  const imports = names.map(
    (_, at) => `(import "./x_bg.js" "${name(at + 1)}" (func $cast${at} (param i32 i32) (result ${value})))`,
  );
  const body = [
    ...names.map(
      (_, at) => `(func (export "make${at}") (result ${value}) (call $cast${at} (i32.const 16) (i32.const 3)))`,
    ),
    ...shims.map(
      (one, at) => `(global $ran${at} (export "ran${at}") (mut i32) (i32.const 0))
        (func (export "${shim(one)}") (param i32 i32 ${value})
          (global.set $ran${at} (i32.add (global.get $ran${at}) (local.get 0))))`,
    ),
    '(global $destroyed (export "destroyed") (mut i32) (i32.const 0))',
    `(func (export "__wbindgen_destroy_closure") (param i32 i32)
      (global.set $destroyed (i32.add (global.get $destroyed) (i32.const 1))))`,
    '(data (i32.const 16) "abc")',
  ];
  const bytes = await bindgen(body.join("\n"), { ...convention, version: 130 }, imports.join("\n"));
  return isNamed ? named(bytes, names) : bytes;
};

interface Exports {
  make0(): unknown;
  make1(): unknown;
  readonly ran0: { readonly value: number };
  readonly destroyed: { readonly value: number };
}

type Made = ((value: unknown) => void) & { _wbg_cb_unref(): void };

describe.each([
  ["heap", heap],
  ["externref", externref],
])("a module of 0.2.130 with a name section, %s,", (_, convention) => {
  const texts = [closure("Externref"), "Ref(String) -> Externref"];

  it("needs no statement about text and closures", async () => {
    const wasm = await load<Exports>(await module(texts, ["a"], convention));
    const taken = (value: unknown) => (convention.handles === "heap" ? wasm.handles.take(value as number) : value);
    expect(taken(wasm.exports.make1())).toBe("abc");
    const made = taken(wasm.exports.make0()) as Made;
    made("x");
    expect(wasm.exports.ran0.value).toBe(16);
    made._wbg_cb_unref();
    expect(wasm.exports.destroyed.value).toBe(1);
    expect(thrownBy(() => made("x"))).toMatchObject({ code: "closure-unusable", details: { reason: "destroyed" } });
    expect(wasm.shape.advice).toEqual([]);
    expect(wasm.imports.slice(0, 2)).toMatchObject([
      { provider: "adapter", evidence: `a closure, as the name section describes it: ${texts[0]}` },
      { provider: "adapter", evidence: `a cast, as the name section describes it: ${texts[1]}` },
    ]);
  });

  it("never destroys a closure that it lends", async () => {
    const bytes = await module([closure("Externref", "Unit", "owned: false")], ["a"], convention);
    const wasm = await load<Exports>(bytes);
    const taken = (value: unknown) => (convention.handles === "heap" ? wasm.handles.take(value as number) : value);
    const made = taken(wasm.exports.make0()) as Made;
    made("x");
    made._wbg_cb_unref();
    expect(thrownBy(() => made("x"))).toMatchObject({ code: "closure-unusable" });
    expect([wasm.exports.ran0.value, wasm.exports.destroyed.value]).toEqual([16, 0]);
  });
});

describe("several exports of the type of a described closure", () => {
  const provider = async (names: readonly string[], shims: readonly string[]) =>
    (await load(await module(names, shims))).imports.slice(0, names.length).map((one) => one.provider);
  const event = closure('NamedExternref("Event")', "Unit", "owned: true", 4);

  it("run any of them if each has one, and all are of the same types", async () => {
    expect(await provider([closure("Externref"), event], ["a", "b"])).toEqual(["adapter", "adapter"]);
  });

  it("leave it open if there may be others", async () => {
    expect(await provider([closure("Externref"), event], ["a", "b", "c"])).toEqual(["stub", "stub"]);
    expect(await provider([closure("Externref")], ["a", "b"])).toEqual(["stub"]);
    expect(await provider([closure("Externref")], [])).toEqual(["stub"]);
  });

  it("leave it open if the types differ in Rust", async () => {
    const borrowed = closure("Ref(Externref)", "Unit", "owned: true", 4);
    expect(await provider([closure("Externref"), borrowed], ["a", "b"])).toEqual(["stub", "stub"]);
    const shared = closure("Externref", "Unit", "owned: true", 4).replace("mutable: true", "mutable: false");
    expect(await provider([closure("Externref"), shared], ["a", "b"])).toEqual(["stub", "stub"]);
  });

  it("are named by the stub, with the signature to state, and by the advice", async () => {
    const bytes = await module([closure("Externref")], ["a", "b"]);
    const { imports, shape } = await load(bytes);
    expect(imports[0]?.evidence).toContain(`The candidates are "${shim("a")}", "${shim("b")}"`);
    expect(imports[0]?.evidence).toContain(`{ "${name(1)}": { call: "${shim("a")}", signature: "mut (H)->" } }`);
    expect(shape.advice).toMatchObject([{ code: "closures" }]);
    const closures = { [name(1)]: { call: shim("b"), signature: "mut (H)->" } };
    const stated = await load(bytes, { adapters: [wasmBindgen({ closures })] });
    expect([stated.imports[0]?.provider, stated.shape.advice]).toEqual(["adapter", []]);
  });
});

describe("an import that is generic in Rust", () => {
  const texts = ["Ref(String) -> Externref", "__wbg_log_0011223344556677: [Ref(String)] -> Externref"];

  it("is never taken for a cast, and can be stated", async () => {
    const bytes = await module(texts, []);
    const wasm = await load<Exports>(bytes);
    expect([wasm.imports[0]?.provider, wasm.imports[1]?.provider]).toEqual(["adapter", "stub"]);
    expect(wasm.imports[1]?.evidence).toContain(texts[1]);
    expect(wasm.shape.advice).toEqual([]);
    const stated = await load<Exports>(bytes, {
      adapters: [wasmBindgen({ meanings: { [name(2)]: "String: (s)->H" } })],
    });
    expect(stated.exports.make1()).toBe("abc");
  });
});

describe("the names of casts", () => {
  const texts = ["Ref(String) -> Externref"];

  it("are read from bytes, streams and compiled modules, in calls that wait and in others", async () => {
    const bytes = await module(texts, []);
    const names = { functions: [[0, texts[0]]] };
    expect(inspect(bytes).names).toEqual(names);
    expect(inspect(bytes).advice).toEqual([]);
    const stream = new Response(bytes, { headers: { "content-type": "application/wasm" } });
    const adapters = [wasmBindgen()];
    for (const wasm of [
      await load<Exports>(bytes),
      await load<Exports>(stream),
      await load<Exports>(new WebAssembly.Module(bytes)),
      await load<Exports>(new WebAssembly.Module(bytes), { shape: inspect(bytes) }),
      loadSync<Exports>(bytes, { adapters }),
    ]) {
      expect(wasm.shape.names).toEqual(names);
      expect(wasm.exports.make0()).toBe("abc");
    }
    expect(compileSync(bytes).shape.names).toEqual(names);
  });

  it("are read neither without casts nor from a malformed section", async () => {
    const plain = named(await bindgen("", externref), ["Ref(String) -> Externref"]);
    expect(inspect(plain).names).toBeUndefined();
    const bytes = await module(texts, [], { ...externref, isNamed: false });
    expect(inspect(bytes).names).toBeUndefined();
    expect(inspect(bytes).advice).toMatchObject([{ code: "closures" }]);
    for (const contents of [[1, 9, ...Array<number>(9).fill(0xff)], [1, 3, 9, 0, 1], [1], []]) {
      expect(inspect(Uint8Array.of(...bytes, ...sections.custom("name", contents))).names).toBeUndefined();
    }
    const first = Uint8Array.of(...bytes, ...sections.custom("name", [0xff]));
    expect(inspect(named(first, texts)).names).toEqual({ functions: [[0, texts[0]]] });
  });

  it("that do not fit the type of their import are refused", async () => {
    const wasm = await load(await module(["F64 -> Externref"], []));
    expect(wasm.imports[0]?.provider).toBe("stub");
  });
});
