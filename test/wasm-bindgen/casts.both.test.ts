import { describe, expect, it } from "vitest";
import { type FunctionType, type ImportShape, load, type ValueType } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { readCasts } from "../../src/toolchains/wasm-bindgen/casts.ts";
import { bindgen, type Bindgen, externref, heap } from "../bind/bindgen.ts";

const words: Readonly<Record<string, readonly ValueType[]>> = {
  pair: ["i32", "i32"],
  double: ["f64"],
  wide: ["i64"],
  wider: ["i64", "i64"],
};

/** Imports with the names of casts, in the order of their numbers. */
const casts = (types: string, sort = "cast"): ImportShape[] =>
  types.split(" ").map((word, at) => {
    const type: FunctionType = { params: words[word] ?? ["i32"], results: ["externref"] };
    const name = `__wbindgen_${sort}_${(at + 1).toString(16).padStart(16, "0")}`;
    return { module: "./x_bg.js", name, kind: "function", type };
  });
const read = (types: string, version?: number, sort?: string) =>
  [...readCasts(casts(types, sort), version)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, codes]) => codes.join(" "));

const text = "s &[…] S";

describe("numbered casts", () => {
  // Each as its package's own JavaScript has it; where the order leaves several, they are all there.
  it.each<[name: string, types: string, read: readonly string[]]>([
    ["@astral-sh/ruff-wasm-web 0.16.9", "double wide pair wide", ["d", "I", text, "U"]],
    ["@gorules/zen-engine-wasm 0.23.1", "double pair pair", ["d", `${text} […]`, "&[…] s S […]"]],
    ["@ifc-lite/wasm 9.3.0", "double pair wide", ["d", text, "U"]],
    ["@rustledger/wasm 0.24.0", "double wide pair", ["d", "I U", `${text} […]`]],
    ["prqlc 0.13.14", "pair", [`closure ${text} […]`]],
    [
      "@cartridge/controller-wasm 0.10.0",
      "pair pair pair pair double wide pair pair",
      ["closure", "closure", "closure", "closure", "d", "I U", `${text} […]`, "&[…] s S […]"],
    ],
    [
      "@dashevo/wasm-sdk 4.1.0",
      "pair pair pair pair double wider wide pair pair wider wide pair",
      ["closure", "closure", "closure", "closure", "d", "i128", "I", "s &[…]", "&[…] s S", "u128", "U", "[…]"],
    ],
  ])("of %s are read by their order", (_, types, expected) => {
    expect(read(types)).toEqual(expected);
  });

  it("leave open what has two readings", () => {
    expect(read("wide")).toEqual(["I U"]);
    expect(read("wider wide")).toEqual(["i128 u128", "I U"]);
    expect(read("pair wide")).toEqual([`closure ${text}`, "I U"]);
    expect(read("wide pair wide")).toEqual(["I", text, "U"]);
    expect(read("wide wide pair")).toEqual(["I", "U", "[…]"]);
  });

  it("are read by their types alone where no order explains them", () => {
    expect(read("wide wide wide")).toEqual(["I U", "I U", "I U"]);
    expect(read("double double")).toEqual(["d", "d"]);
  });

  it("are read by their numbers, in whatever order they are imported", () => {
    const [one, two] = casts("wide wide") as [ImportShape, ImportShape];
    expect([...readCasts([two, one], undefined)]).toEqual([
      [two.name, ["U"]],
      [one.name, ["I"]],
    ]);
  });

  it("of other types are passed over", () => {
    expect(read("other double wide other wide")).toEqual(["d", "I", "U"]);
  });

  it("may be imports that are generic in Rust since 0.2.130, or where one has to be", () => {
    expect(read("double wide pair wide", 129, "generic")).toEqual(["d", "I", text, "U"]);
    const open = ["d import", "I U import", `${text} […] import`, "U import"];
    expect(read("double wide pair wide", 130, "generic")).toEqual(open);
    expect(read("double wide pair wide", undefined, "generic")).toEqual(open);
    expect(read("double wide pair wide other", 129, "generic")).toEqual(open);
    expect(read("double wide pair wide", 130)).toEqual(["d", "I", text, "U"]);
  });
});

describe("a cast with a hash", () => {
  it("is known by it, or by its type", () => {
    const hashed = (hash: string, params: readonly ValueType[]) =>
      readCasts(
        [{ module: "wbg", name: `__wbindgen_cast_${hash}`, kind: "function", type: { params, results: ["i32"] } }],
        104,
      ).get(`__wbindgen_cast_${hash}`);
    expect(hashed("cd07b1914aa3d62c", ["i32", "i32"])).toEqual(["&[f]"]);
    expect(hashed("0123456789abcdef", ["i32", "i32"])).toEqual(["closure", "s", "&[…]", "S", "[…]"]);
    expect(hashed("0123456789abcdef", ["i64"])).toEqual(["I", "U"]);
  });
});

describe.each<[string, Bindgen]>([
  ["heap", { ...heap, version: 114 }],
  ["externref", { ...externref, version: 114 }],
])("a module with numbered casts, %s,", (_, convention) => {
  const value = convention.handles === "heap" ? "i32" : "externref";
  const name = (number: number) => `__wbindgen_cast_${String(number).padStart(16, "0")}`;
  const imports = ["f64", "i64", "i32 i32", "i64"].map(
    (params, at) => `(import "./x_bg.js" "${name(at + 1)}" (func $cast${at + 1} (param ${params}) (result ${value})))`,
  );
  const body = `(func (export "bigints") (result ${value} ${value})
      (call $cast2 (i64.const -1)) (call $cast4 (i64.const -1)))
    (export "pair" (func $cast3))`;

  it("has signed and unsigned integers told by their order", async () => {
    const wasm = await load(await bindgen(body, convention, imports.join("\n")));
    const both = wasm.exports["bigints"]?.() as readonly unknown[];
    const values = both.map((one) => (convention.handles === "heap" ? wasm.handles.take(one as number) : one));
    expect(values).toEqual([-1n, 18446744073709551615n]);
    expect(wasm.imports.filter(({ provider }) => provider === "stub").map((one) => one.name)).toEqual([name(3)]);
  });

  it("is told what fits, and no more", async () => {
    const wasm = await load(await bindgen(body, convention, imports.join("\n")));
    const stub = wasm.imports.find((one) => one.name === name(3));
    expect(stub?.evidence).toContain(`casts: { "${name(3)}": "s" } })]: "s" for text, "&[u8]" for bytes.`);
    expect(stub?.evidence).not.toContain("closure");
    expect(wasm.shape.advice).toMatchObject([{ code: "casts", message: expect.stringContaining(name(3)) as string }]);
    const stated = await load(await bindgen(body, convention, imports.join("\n")), {
      adapters: [wasmBindgen({ casts: { [name(3)]: "s" } })],
    });
    expect([stated.imports.filter(({ provider }) => provider === "stub"), stated.shape.advice]).toEqual([[], []]);
  });
});
