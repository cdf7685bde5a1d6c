import { describe, expect, it } from "vitest";
import { load, loadSync, t, UnglueError } from "unglue";
import { type WasmBindgenOptions, wasmBindgen } from "unglue/wasm-bindgen";
import { list, sections, text } from "../reflect/assemble.ts";
import { type Bindgen, bindgen, externref, heap } from "../bind/bindgen.ts";
import { thrownBy, wat } from "../wat.ts";

/** A module that says which version of wasm-bindgen made it. */
async function versioned(source: string, version: number): Promise<Uint8Array<ArrayBuffer>> {
  const tools = list([...text("wasm-bindgen"), ...text(`0.2.${version}`)]);
  return Uint8Array.of(
    ...(await wat(source)),
    ...sections.custom("producers", list([...text("processed-by"), ...tools])),
  );
}

interface Exports {
  make(data: number): number;
  readonly destroyed: { readonly value: number };
}
type Run = ((value: unknown) => unknown) & { _wbg_cb_unref(): void };

const cast = "__wbindgen_cast_90fb09e08acc4555";
const queue = "__wbg_queueMicrotask_fca69f5bfad613a5";
const elements = {
  run: "__wasm_bindgen_func_elem_690",
  destroy: "__wasm_bindgen_func_elem_684",
  executor: "__wasm_bindgen_func_elem_1412",
};

/** A module of 0.2.106 with a queue of futures: its closure, and what runs the executors of promises. */
const futures = (more = "", imports = "") =>
  bindgen(
    `(global $destroyed (export "destroyed") (mut i32) (i32.const 0))
     (global $ran (export "ran") (mut i32) (i32.const 0))
     (func (export "make") (param i32) (result i32) (call $cast (local.get 0) (i32.const 8)))
     (func (export "${elements.run}") (param i32 i32 i32) (global.set $ran (local.get 0)) (call $drop (local.get 2)))
     (func (export "${elements.executor}") (param i32 i32 i32 i32) unreachable)
     (func (export "${elements.destroy}") (param i32 i32)
       (global.set $destroyed (i32.add (global.get $destroyed) (i32.const 1))))
     ${more}`,
    { ...heap, version: 106 },
    `(import "wbg" "${queue}" (func (param i32)))
     (import "wbg" "__wbindgen_object_drop_ref" (func $drop (param i32)))
     (import "wbg" "${cast}" (func $cast (param i32 i32) (result i32)))
     ${imports}`,
  );

describe("a closure that a known import takes, where one import makes closures and one export runs its type", () => {
  it("need not be stated", async () => {
    const wasm = await load<Exports & { readonly ran: { readonly value: number } }>(await futures());
    expect(wasm.shape.advice).toEqual([]);
    expect(wasm.imports.find(({ name }) => name === cast)).toMatchObject({
      provider: "adapter",
      evidence: `a closure: no other import makes one, and only ${elements.run} runs its type`,
    });
    const run = wasm.handles.take(wasm.exports.make(42)) as Run;
    expect(run({})).toBeUndefined();
    expect(wasm.exports.ran.value).toBe(42);
    expect(wasm.handles.size).toBe(0);
    run._wbg_cb_unref();
    expect([wasm.exports.destroyed.value, wasm.handles.leaked]).toEqual([1, 0]);
  });

  it("has to be stated where there is another cast that may make it", async () => {
    const bytes = await futures(
      "",
      `(import "wbg" "__wbindgen_cast_0123456789abcdef" (func (param i32 i32) (result i32)))`,
    );
    const wasm = await load(bytes);
    expect(wasm.imports.filter(({ provider }) => provider === "stub").map(({ name }) => name)).toEqual([
      cast,
      "__wbindgen_cast_0123456789abcdef",
    ]);
    const stated = await load<Exports>(bytes, {
      adapters: [wasmBindgen({ closures: { [cast]: { call: elements.run, signature: "mut (H)" } } })],
    });
    const run = stated.handles.take(stated.exports.make(42)) as Run;
    run({});
    run._wbg_cb_unref();
    expect([stated.exports.destroyed.value, stated.handles.size]).toEqual([1, 0]);
    // Another is told to be text: then the first is the only one again.
    const casts = { __wbindgen_cast_0123456789abcdef: "s" };
    const told = await load(bytes, { adapters: [wasmBindgen({ casts })] });
    expect(told.imports.filter(({ provider }) => provider === "stub")).toEqual([]);
  });

  it("has to be stated where another export runs its type", async () => {
    const wasm = await load(await futures(`(func (export "__wasm_bindgen_func_elem_691_2") (param i32 i32 i32))`));
    const error = thrownBy(() => (wasm.exports as unknown as Exports).make(1));
    expect(UnglueError.is(error, "missing-import-called") && error.message).toContain(
      `"${elements.destroy}" with a signature such as "()->" and 1 more: the package's own JavaScript tells which`,
    );
  });
});

describe("a statement about a closure", () => {
  const refused = async (closures: unknown): Promise<unknown> => {
    const bytes = await futures();
    const options = { closures } as WasmBindgenOptions;
    return thrownBy(() => loadSync(bytes, { adapters: [wasmBindgen(options)] }));
  };
  const option = `closures["${cast}"]`;

  it.each<[closures: unknown, option: string, received: string]>([
    [{ nope: { call: elements.run, signature: "(h)" } }, "closures", '"nope"'],
    [{ [cast]: "(h)" }, option, '"(h)"'],
    [{ [cast]: { call: elements.run, signature: "h -> h" } }, `${option}.signature`, '"h -> h"'],
    [{ [cast]: { call: elements.run, signature: "(x)" } }, `${option}.signature`, '"(x)"'],
    [{ [cast]: { call: elements.run } }, `${option}.signature`, "undefined"],
    [{ [cast]: { call: "nowhere", signature: "(h)" } }, `${option}.call`, '"nowhere"'],
    [{ [cast]: { call: "memory", signature: "(h)" } }, `${option}.call`, '"memory"'],
    [{ [cast]: { call: elements.executor, signature: "(h)" } }, `${option}.call`, `"${elements.executor}"`],
    [{ [cast]: { call: elements.run, signature: "(h)->i" } }, `${option}.call`, `"${elements.run}"`],
    [{ [cast]: { call: elements.run, signature: "(h)", destroy: "nowhere" } }, `${option}.destroy`, '"nowhere"'],
    [{ [cast]: { call: elements.run, signature: "(h)", destroy: 3 } }, `${option}.destroy`, "3"],
  ])("that means nothing is refused: %j", async (closures, at, received) => {
    const error = await refused(closures);
    expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject({
      call: "wasmBindgen",
      option: at,
      received,
    });
  });

  it("that no import can use is refused", async () => {
    const drop = "__wbindgen_object_drop_ref";
    const error = await refused({ [drop]: { call: elements.run, signature: "(h)" } });
    expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject({
      option: "closures",
      received: JSON.stringify(drop),
    });
  });

  it("is told what would fit", async () => {
    const error = await refused({ [cast]: { call: "nowhere", signature: "(h)" } });
    expect((error as Error).message).toContain(`the candidates: ${elements.run} (i32, i32, i32) -> ()`);
    expect((await refused({ [cast]: { call: elements.run, signature: 5 } })) as Error).toHaveProperty(
      "message",
      expect.stringContaining('"mut (H)->!"'),
    );
  });
});

describe("a closure that may fail", () => {
  const shim = "__wasm_bindgen_func_elem_7";
  /** It fails with its argument if its data is odd. */
  const returned = "(i32.and (local.get $data) (i32.const 1))";
  const closures = (signature: string) => ({ closures: { [cast]: { call: shim, signature } } });
  const open = async (convention: Bindgen, run: string, signature: string) => {
    const value = convention.handles === "heap" ? "i32" : "externref";
    const bytes = await bindgen(
      `(func (export "make") (param i32) (result ${value}) (call $cast (local.get 0) (i32.const 8))) ${run}`,
      convention,
      `(import "wbg" "${cast}" (func $cast (param i32 i32) (result ${value})))`,
    );
    return load<Exports & { taken(): number }>(bytes, { adapters: [wasmBindgen(closures(signature))] });
  };

  it("throws the error that it writes to the stack, and leaves the stack as it was", async () => {
    const run = `(func (export "${shim}") (param $area i32) (param $data i32) (param i32) (param $value i32)
      (i32.store (local.get $area) (local.get $value)) (i32.store offset=4 (local.get $area) ${returned}))`;
    const wasm = await open({ ...heap, version: 106 }, run, "mut (H)->!");
    const closure = (data: number) => wasm.handles.take(wasm.exports.make(data)) as Run;
    expect(closure(2)({ fine: true })).toBeUndefined();
    const thrown = { odd: true };
    expect(thrownBy(() => closure(3)(thrown))).toBe(thrown);
    expect(wasm.exports.taken()).toBe(0);
  });

  it("throws the error that it returns, and returns the value beside it", async () => {
    const run = `(func (export "${shim}") (param $data i32) (param i32) (param $value externref) (result i32 i32 i32)
      (call $slot (local.get $value)) (call $slot (local.get $value)) ${returned})`;
    const wasm = await open(externref, run, "(h)->!H");
    const closure = (data: number) => wasm.exports.make(data) as unknown as Run;
    const value = {};
    expect(closure(2)(value)).toBe(value);
    expect(thrownBy(() => closure(3)(value))).toBe(value);
  });

  it("returns text", async () => {
    const run = `(data (i32.const 64) "text")
      (func (export "${shim}") (param $area i32) (param i32 i32)
        (i32.store (local.get $area) (i32.const 64)) (i32.store offset=4 (local.get $area) (i32.const 4)))`;
    const wasm = await open({ ...heap, version: 106 }, run, "()->s");
    expect((wasm.handles.take(wasm.exports.make(2)) as () => unknown)()).toBe("text");
    expect(wasm.exports.taken()).toBe(0);
  });
});

describe("the helpers of a module whose names were stripped", () => {
  const wrapper = "__wbindgen_closure_wrapper5432";
  /** As swc has it: one export has the type of what frees, and it runs closures. */
  const stripped = (freeing = "", functions = "$shim") =>
    versioned(
      `(module
        (import "wbg" "${wrapper}" (func $wrap (param i32 i32 i32) (result i32)))
        (import "wbg" "__wbindgen_object_drop_ref" (func $drop (param i32)))
        (memory (export "memory") 1)
        (global $ran (export "ran") (mut i32) (i32.const 0))
        (global $freed (export "freed") (mut i32) (i32.const 0))
        (table (export "__wbindgen_export_1") 8 funcref)
        (elem (i32.const 2) ${functions})
        (func (export "make") (param i32) (result i32) (call $wrap (local.get 0) (i32.const 8) (i32.const 0)))
        (func (export "__wbindgen_export_0") (param i32))
        (func (export "__wbindgen_export_2") (param i32 i32) (result i32) (i32.const 4096))
        (func (export "__wbindgen_export_3") (param i32 i32 i32 i32) (result i32) (i32.const 4096))
        (func $shim (export "__wbindgen_export_4") (param i32 i32 i32) (global.set $ran (local.get 0)))
        ${freeing})`,
      100,
    );
  interface Stripped extends Exports {
    readonly ran: { readonly value: number };
    readonly freed: { readonly value: number };
  }

  it("are not what runs closures, though it is the only one of its type", async () => {
    const wasm = await load<Stripped>(await stripped());
    expect(wasm.memory.arena((arena) => arena.string("x").address)).toBe(4096);
    expect([wasm.exports.ran.value, wasm.state]).toEqual([0, "live"]);
    const closures = { [wrapper]: { call: "__wbindgen_export_4", signature: "(i)" } };
    const stated = await load<Stripped>(await stripped(), { adapters: [wasmBindgen({ closures })] });
    (stated.handles.take(stated.exports.make(42)) as Run)(1);
    expect(stated.exports.ran.value).toBe(42);
    stated.memory.free(stated.memory.alloc(8));
    expect(stated.exports.ran.value).toBe(42);
  });

  it("are found beside what runs closures", async () => {
    const freeing = `(func (export "__wbindgen_export_5") (param i32 i32 i32) (global.set $freed (local.get 1)))`;
    const wasm = await load<Stripped>(await stripped(freeing));
    wasm.memory.arena((arena) => arena.alloc(24));
    expect([wasm.exports.ran.value, wasm.exports.freed.value]).toEqual([0, 24]);
  });

  it("are not one export in two roles: where an import catches, it stores exceptions", async () => {
    const slots = (catches: string) =>
      versioned(
        `(module
          (import "wbg" "__wbindgen_init_externref_table" (func))
          ${catches}
          (memory (export "memory") 1)
          (table $values (export "__wbindgen_export_0") 128 externref)
          (global $given (export "given") (mut i32) (i32.const 0))
          (func (export "__wbindgen_export_1") (result i32) (table.grow $values (ref.null extern) (i32.const 1)))
          (func (export "__wbindgen_export_2") (param i32) (global.set $given (local.get 0)))
          (func (export "give") (result i32 i32)
            (i32.const 5) (i32.const 6)))`,
        100,
      );
    // Reflect.get of js-sys 0.3.77.
    const reflect = `(import "wbg" "__wbg_get_67b2ba62fc30de12" (func $get (param externref externref) (result externref)))
      (func (export "get") (param externref externref) (result externref) (call $get (local.get 0) (local.get 1)))`;
    interface Slots {
      get(object: unknown, key: unknown): unknown;
      readonly given: { readonly value: number };
    }
    const catching = await load<Slots>(await slots(reflect));
    expect(catching.exports.get(undefined, "key")).toBeUndefined();
    expect(catching.exports.given.value).toBe(128);
    expect(catching.handles.get(128)).toBeInstanceOf(TypeError);
    catching.handles.take(128);
    expect([catching.exports.given.value, catching.handles.leaked]).toEqual([128, 1]);
    // Where none catches, it gives a slot back.
    const plain = await load<Slots>(await slots(""));
    const slot = plain.handles.add({});
    plain.handles.take(slot);
    expect([plain.exports.given.value, plain.handles.leaked]).toEqual([slot, 0]);
    // Where an import is not known, it is neither.
    const unsure = await load<Slots>(
      await slots(`(import "wbg" "__wbg_other_0123456789abcdef" (func (param externref)))`),
    );
    unsure.handles.take(unsure.handles.add({}));
    expect([unsure.exports.given.value, unsure.handles.leaked]).toEqual([0, 1]);
  });
});

describe("a module of 0.2.68, whose stack pointer is a global", () => {
  const old = versioned(
    `(module
      (import "wbg" "__wbindgen_throw" (func $throw (param i32 i32)))
      (memory (export "memory") 2)
      (global $stack (export "__wbindgen_export_2") (mut i32) (i32.const 65536))
      (global $freed (export "freed") (mut i32) (i32.const 0))
      (data (i32.const 64) "text")
      (func (export "__wbindgen_malloc") (param i32) (result i32) (i32.const 70000))
      (func (export "__wbindgen_realloc") (param i32 i32 i32) (result i32) (i32.const 70000))
      (func (export "__wbindgen_free") (param i32 i32) (global.set $freed (i32.add (global.get $freed) (i32.const 1))))
      (func (export "pixels") (param $area i32)
        (if (i32.ne (local.get $area) (global.get $stack)) (then unreachable))
        (i32.store (local.get $area) (i32.const 64)) (i32.store offset=4 (local.get $area) (i32.const 4)))
      (func (export "fail") (param $area i32)
        (global.set $stack (i32.sub (global.get $stack) (i32.const 64)))
        (call $throw (i32.const 64) (i32.const 4))))`,
    68,
  );
  const api = t.api({ pixels: t.fn([], t.bytes), fail: t.fn([], t.bytes) });

  it("returns several words, and has its stack back after each call", async () => {
    const wasm = await load(await old, { api });
    const stack = (wasm.exports as unknown as { __wbindgen_export_2: { value: number } }).__wbindgen_export_2;
    expect(wasm.api.pixels()).toEqual(new TextEncoder().encode("text"));
    expect(stack.value).toBe(65536);
    expect((thrownBy(() => wasm.api.fail()) as Error).message).toBe("text");
    expect(stack.value).toBe(65536);
    expect(wasm.api.pixels()).toHaveLength(4);
  });
});
