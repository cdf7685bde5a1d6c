import { describe, expect, it } from "vitest";
import { load, UnglueError } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { thrownBy, wat } from "../wat.ts";

const wrapper = "__wbindgen_closure_wrapper7";
const call =
  "_dyn_core__ops__function__FnMut__A____Output___R_as_wasm_bindgen__closure__WasmClosure___describe__invoke__h01";

/**
 * A closure as the module has it: data and table of its fat pointer, a shim that adds the data to its argument, and a
 * destructor that counts.
 */
const text = `(module
  (import "wbg" "${wrapper}" (func $wrap (param i32 i32 i32) (result i32)))
  (import "wbg" "__wbindgen_cb_drop" (func $drop (param i32) (result i32)))
  (import "wbg" "__wbindgen_string_new" (func $text (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table (export "__indirect_function_table") 4 funcref)
  (elem (i32.const 3) $destroy)
  (data (i32.const 64) "sum ")
  (global $destroyed (export "destroyed") (mut i32) (i32.const 0))
  (global $last (export "last") (mut i32) (i32.const 0))
  (func (export "make") (param i32) (result i32) (call $wrap (local.get 0) (i32.const 16) (i32.const 0)))
  (func (export "release") (param i32) (result i32) (call $drop (local.get 0)))
  (func $destroy (param i32 i32) (global.set $destroyed (i32.add (global.get $destroyed) (i32.const 1))) (global.set $last (local.get 0)))
  (func (export "${call}") (param i32 i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 2))))`;
const bytes = await wat(text);

interface Exports {
  make(data: number): number;
  release(handle: number): number;
  readonly destroyed: { readonly value: number };
  readonly last: { readonly value: number };
}

type Add = (value: number) => number;

const open = (signature = "(i)->i") =>
  load<Exports>(bytes, {
    adapters: [wasmBindgen({ closures: { [wrapper]: { call, signature, destroy: 3 } } })],
  });

describe("a closure of the module", () => {
  it("is a function, once it is stated what runs it", async () => {
    const wasm = await open();
    expect(wasm.imports[0]).toMatchObject({
      provider: "adapter",
      evidence: expect.stringContaining("stated") as string,
    });
    const add = wasm.handles.take(wasm.exports.make(40)) as Add;
    expect(add(2)).toBe(42);
    expect(wasm.exports.destroyed.value).toBe(0);
  });

  it("is a named trap until then, whose error lists the candidates and the option", async () => {
    const wasm = await load<Exports>(bytes);
    const error = thrownBy(() => wasm.exports.make(1));
    expect(UnglueError.is(error, "missing-import-called") && error.message).toContain(JSON.stringify(call));
    expect((error as Error).message).toContain("adapters: [wasmBindgen({ closures:");
    expect(wasm.imports[0]).toMatchObject({ provider: "stub" });
  });

  it("without a known destructor is left to leak, and counted", async () => {
    const wasm = await load<Exports>(bytes, {
      adapters: [wasmBindgen({ closures: { [wrapper]: { call, signature: "(i)->i" } } })],
    });
    const add = wasm.handles.take(wasm.exports.make(40)) as Add & { _wbg_cb_unref(): void };
    expect(wasm.handles.leaked).toBe(0);
    add._wbg_cb_unref();
    expect(wasm.handles.leaked).toBe(1);
    expect(wasm.exports.destroyed.value).toBe(0);
  });

  it("is destroyed by the module when the module drops it, and then says so", async () => {
    const wasm = await open();
    const handle = wasm.exports.make(1);
    const add = wasm.handles.get(handle) as Add;
    expect(wasm.exports.release(handle)).toBe(1);
    expect(wasm.exports.destroyed.value).toBe(0);
    const error = thrownBy(() => add(1));
    expect(UnglueError.is(error, "closure-unusable") && error.details).toEqual({ reason: "destroyed" });
    expect(wasm.handles.size).toBe(0);
  });

  it("is destroyed once by JavaScript when the module drops it while it runs", async () => {
    const module = await wat(
      text.replace("(i32.add (local.get 0) (local.get 2))", "(drop (call $drop (local.get 2))) (i32.const 5)"),
    );
    const closures = { [wrapper]: { call, signature: "(i)->i", destroy: 3 } };
    const wasm = await load<Exports>(module, { adapters: [wasmBindgen({ closures })] });
    const handle = wasm.exports.make(77);
    const self = wasm.handles.get(handle) as Add;
    expect(self(handle)).toBe(5);
    expect(wasm.exports.destroyed.value).toBe(1);
    expect(wasm.exports.last.value).toBe(77);
    expect(thrownBy(() => self(1))).toMatchObject({ code: "closure-unusable" });
    expect(wasm.exports.destroyed.value).toBe(1);
  });

  it("is named by the advice until it is stated, with the candidates", async () => {
    const { shape } = await load<Exports>(bytes);
    expect(shape.advice).toMatchObject([{ code: "closures", message: expect.stringContaining(`${call} (`) as string }]);
    expect((await open()).shape.advice).toEqual([]);
  });

  it("poisons the instance when it traps, and is not destroyed in what is left of it", async () => {
    const module = await wat(text.replace("(i32.add (local.get 0) (local.get 2))", "unreachable"));
    const closures = { [wrapper]: { call, signature: "(i)->i", destroy: 3 } };
    const wasm = await load<Exports>(module, { adapters: [wasmBindgen({ closures })] });
    const trap = wasm.handles.take(wasm.exports.make(1)) as Add;
    expect(thrownBy(() => trap(1))).toMatchObject({ code: "trap", details: { export: call } });
    expect(wasm.state).toBe("poisoned");
    (trap as unknown as { _wbg_cb_unref(): void })._wbg_cb_unref();
    expect(wasm.exports.destroyed.value).toBe(0);
  });

  it("lends what it is passed, and takes it back", async () => {
    const wasm = await open("(h)->i");
    const add = wasm.handles.take(wasm.exports.make(0)) as (value: unknown) => number;
    const [first, second] = [add({}), add({})];
    expect(first).toBe(second);
    expect(wasm.handles.size).toBe(0);
  });

  it("belongs to its own instance", async () => {
    const [one, two] = await Promise.all([open(), open()]);
    const handle = one.exports.make(1);
    expect(() => two.handles.get(handle)).not.toThrow();
    expect(two.handles.get(handle)).toBeUndefined();
    expect((one.handles.get(handle) as Add)(1)).toBe(2);
  });
});
