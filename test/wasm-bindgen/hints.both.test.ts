import { describe, expect, it } from "vitest";
import { load } from "unglue";
import { wasmBindgen, type WasmBindgenOptions } from "unglue/wasm-bindgen";
import { bindgen, type Bindgen, conventions, externref, heap, valueOf } from "../bind/bindgen.ts";
import { list, sections, text, unsigned } from "../reflect/assemble.ts";
import { rejectionOf } from "../wat.ts";

/** Reads the statements that a text prints: the options of the adapter, as they would be copied. */
function statementsIn(text: string): readonly WasmBindgenOptions[] {
  return [...text.matchAll(/adapters: \[wasmBindgen\((\{.*?\}) ?\)\]/g)].map(([, options = ""]) => {
    const json = options.replace(/([{,] *)(meanings|casts|closures|call|signature):/g, '$1"$2":');
    return JSON.parse(json) as WasmBindgenOptions;
  });
}

/** Adds a name section with the name of the first function. */
function withName(bytes: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  const functions = list([0, ...text(name)]);
  return Uint8Array.of(...bytes, ...sections.custom("name", [1, ...unsigned(functions.length), ...functions]));
}

/** Loads a module, and again with each statement that the hint of an import prints. */
async function followHint(bytes: Uint8Array<ArrayBuffer>, name: string) {
  const wasm = await load(bytes);
  const evidence = wasm.imports.find((one) => one.name === name)?.evidence ?? "";
  const statements = statementsIn(evidence);
  const followed = await Promise.all(
    statements.map(async (options) => {
      const again = await load(bytes, { adapters: [wasmBindgen(options)] });
      return again.imports.find((one) => one.name === name)?.provider;
    }),
  );
  return { evidence, statements, followed, advice: wasm.shape.advice };
}

const shims = `
  (func (export "__wasm_bindgen_func_elem_1294") (param i32 i32 i32 i32) unreachable)
  (func (export "__wasm_bindgen_func_elem_1309") (param i32 i32 i32 i32) unreachable)
  (func (export "__wasm_bindgen_func_elem_7") (param i32 i32 f64) (result i64) unreachable)`;

/** The constructor of Promise with its types, which takes a closure of two values. */
const promise = "__wbg_new_typed_c072c4ce9a2a0cdf";

const cast = "__wbindgen_cast_0123456789abcdef";
const castImport = `(import "wbg" "${cast}" (func (param i32 i32) (result i32)))`;

describe("the statement that a hint prints", () => {
  it("is accepted for an import that takes a closure which two exports could run", async () => {
    const imports = `(import "wbg" "${promise}" (func (param i32 i32) (result i32)))
      (import "wbg" "__wbindgen_object_drop_ref" (func (param i32)))`;
    const bytes = await bindgen(shims, { ...heap, version: 121 }, imports);
    const { evidence, statements, followed, advice } = await followHint(bytes, promise);
    expect(evidence).toContain("Nothing in the module tells which export runs its closure, Mut(H,H).");
    const call = "__wasm_bindgen_func_elem_1294";
    expect(statements).toEqual([{ closures: { [promise]: { call, signature: "mut (H,H)->" } } }]);
    expect(evidence).toContain(`"${call}", "__wasm_bindgen_func_elem_1309": the package's own JavaScript tells which`);
    expect(followed).toEqual(["adapter"]);
    const named = expect.stringContaining(
      `${promise} takes Mut(H,H), run by ${call} or __wasm_bindgen_func_elem_1309`,
    ) as string;
    expect(advice).toMatchObject([{ code: "closures", message: named }]);
    const wrong = { closures: { [promise]: { call, signature: "(h)->" } } };
    expect(await rejectionOf(load(bytes, { adapters: [wasmBindgen(wrong)] }))).toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining(`${call} runs closures such as "(h,h)->"`) as string,
    });
  });

  it.each(conventions)("is accepted for what makes closures, by %s", async (_, convention) => {
    const value = valueOf(convention);
    const runs = (type: string) => `(func (export "__wasm_bindgen_func_elem_7") ${type} unreachable)`;
    const types = [
      `(param i32 i32)`,
      `(param i32 i32 ${value})`,
      `(param i32 i32 ${value} i64 f32) (result ${value})`,
      `(param i32 i32 f64) (result f64)`,
      `(param i32 i32) (result i32 i32)`,
      `(param i32 i32 i32) (result i32 i32 i32)`,
    ];
    for (const type of types) {
      const wrapper = "__wbindgen_closure_wrapper7";
      const cast = "__wbindgen_cast_90fb09e08acc4555";
      for (const [name, params] of [
        [wrapper, "i32 i32 i32"],
        [cast, "i32 i32"],
      ] as const) {
        const imports = `(import "wbg" "${name}" (func (param ${params}) (result ${value})))`;
        const bytes = await bindgen(runs(type), convention, imports);
        const { statements, followed } = await followHint(bytes, name);
        expect([type, statements.length > 0]).toEqual([type, true]);
        expect(followed).toEqual(statements.map(() => "adapter"));
      }
    }
  });

  it("is not there if no export could run the closure", async () => {
    const wrapper = "__wbindgen_closure_wrapper7";
    const imports = `(import "wbg" "${wrapper}" (func (param i32 i32 i32) (result i32)))`;
    const { evidence, statements } = await followHint(await bindgen("", heap, imports), wrapper);
    expect(statements).toEqual([]);
    expect(evidence).toContain("no export has the name and type of one that could. Give it in `imports`.");
    const taker = `(import "wbg" "${promise}" (func (param i32 i32) (result i32)))
      (import "wbg" "__wbindgen_object_drop_ref" (func (param i32)))`;
    const taken = await followHint(await bindgen("", { ...heap, version: 121 }, taker), promise);
    expect(taken.statements).toEqual([]);
    expect(taken.evidence).toContain("its closure, Mut(H,H): no export has the name and type of one that could");
    expect(taken.advice).toMatchObject([{ message: expect.stringContaining("run by none that is known") as string }]);
  });

  const types: readonly (readonly [name: string, type: string, convention: Bindgen, printed: boolean])[] = [
    ["__wbg_somethingown_0123456789abcdef", "(param i32 f64) (result i32)", heap, true],
    ["__wbg_somethingown_0123456789abcdef", "(param externref i32 i64 f32) (result externref)", externref, true],
    ["__wbg_somethingown_0123456789abcdef", "", externref, true],
    ["__wbg_somethingown_0123456789abcdef", "(param v128)", heap, false],
    ["__wbg_set_0123456789abcdef", "(param i32 i32 i32)", heap, true],
    ["__wbindgen_cast_0000000000000001", "(param i32 i32) (result i32)", { ...heap, version: 120 }, true],
    ["__wbindgen_cast_0000000000000001", "(param i64) (result i32)", { ...heap, version: 120 }, true],
    ["__wbindgen_cast_0000000000000001", "(param f64 f64) (result i32)", { ...heap, version: 120 }, true],
    ["__wbindgen_generic_0000000000000001", "(param i32 i32) (result i32)", { ...heap, version: 131 }, true],
    ["__wbindgen_generic_0000000000000001", "(param externref f64) (result externref)", externref, true],
  ];
  it.each(types)("is accepted for %s of the type %s", async (name, type, convention, printed) => {
    const bytes = await bindgen("", convention, `(import "wbg" "${name}" (func ${type}))`);
    const { statements, followed, evidence } = await followHint(bytes, name);
    expect([evidence, statements.length > 0]).toEqual([evidence, printed]);
    expect(followed).toEqual(statements.map(() => "adapter"));
  });

  it.each([
    ["Ref(RustStruct) -> Externref", "(param i32) (result i32)"],
    ["__wbg_get_0011223344556677: [Ref(Externref), F64] -> Externref", "(param i32 f64) (result i32)"],
  ])("is accepted for what the name section describes as %s", async (described, type) => {
    const name = "__wbindgen_generic_0000000000000001";
    const bytes = await bindgen("", { ...heap, version: 131 }, `(import "wbg" "${name}" (func ${type}))`);
    const { evidence, statements, followed } = await followHint(withName(bytes, described), name);
    expect(evidence).toContain("The name section describes it as");
    expect(statements).toHaveLength(1);
    expect(followed).toEqual(["adapter"]);
  });

  it("is accepted for a cast, with each of the types that it lists", async () => {
    const name = "__wbindgen_cast_00000000deadbeef";
    const bytes = await bindgen(
      "",
      { ...heap, version: 104 },
      `(import "wbg" "${name}" (func (param i32 i32) (result i32)))`,
    );
    const { evidence } = await followHint(bytes, name);
    const codes = [...evidence.matchAll(/"([^"]+)" for /g)].map(([, code = ""]) => code);
    expect(codes).toEqual(["s", "&[u8]", "[u8]", "[h]"]);
    for (const code of codes) {
      const wasm = await load(bytes, { adapters: [wasmBindgen({ casts: { [name]: code } })] });
      expect(wasm.imports[0]).toMatchObject({ provider: "adapter" });
    }
  });

  it.each([
    ["(param i32 f64) (result i32)", heap],
    ["(param externref i32)", externref],
  ])("is accepted for a hole of a declaration file, of the type %s", async (type, convention) => {
    const name = "__wbg_somethingown_0123456789abcdef";
    const bytes = await bindgen("", convention, `(import "wbg" "${name}" (func ${type}))`);
    const known = { toolchain: "wasm-bindgen", version: "0.2.92", holes: [name] } as const;
    const holed = await load(bytes, { adapters: [wasmBindgen()], known });
    const evidence = holed.imports.find((one) => one.name === name)?.evidence ?? "";
    const [, meaning = ""] = /known\.meanings\["[^"]+"\] = "([^"]+)"/.exec(evidence) ?? [];
    const stated = { ...known, meanings: { [name]: meaning } };
    const wasm = await load(bytes, { adapters: [wasmBindgen()], known: stated });
    expect(wasm.imports.find((one) => one.name === name)).toMatchObject({ provider: "adapter" });
  });

  it.each([
    ["a hole", { holes: [cast] }],
    ["a cast by its meaning", { meanings: { [cast]: "BigInt: (s)->H" } }],
  ])("is not advised beside the statement of %s", async (_, more) => {
    const bytes = await bindgen("", { ...heap, version: 104 }, castImport);
    const advised = await load(bytes, { adapters: [wasmBindgen()] });
    expect(advised.shape.advice).toHaveLength(1);
    const known = { toolchain: "wasm-bindgen", version: "0.2.104", ...more } as const;
    const wasm = await load(bytes, { adapters: [wasmBindgen()], known });
    expect(wasm.shape.advice).toEqual([]);
    // A statement in the adapter's options wins.
    const stated = await load(bytes, { adapters: [wasmBindgen({ casts: { [cast]: "s" } })], known });
    expect(stated.imports.find(({ name }) => name === cast)).toMatchObject({ provider: "adapter" });
  });
});
