import { afterEach, describe, expect, it, vi } from "vitest";
import { compile, load, t, UnglueError } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const hash = "0123456789abcdef";
const cast = "__wbindgen_cast_0000000000000001";
const poll = "wasm_bindgen__convert__closures_____invoke__h02";

/**
 * An export as an `async fn` becomes one from wasm-bindgen 0.2.115 on: a promise whose executor is a closure on the
 * stack, and a task that a microtask polls. The task is a closure of its own, which ends itself when it is done.
 */
const text = `(module
  (import "./x_bg.js" "__wbindgen_init_externref_table" (func $init))
  (import "./x_bg.js" "__wbg_new_${hash}" (func $promise (param i32 i32) (result externref)))
  (import "./x_bg.js" "__wbg_queueMicrotask_${hash}" (func $queue (param externref)))
  (import "./x_bg.js" "${cast}" (func $closure (param i32 i32) (result externref)))
  (import "./x_bg.js" "__wbg_call_${hash}" (func $call (param externref externref externref) (result externref)))
  (import "./x_bg.js" "__wbg__wbg_cb_unref_${hash}" (func $unref (param externref)))
  (memory (export "memory") 1)
  (table $values (export "__wbindgen_externrefs") 128 externref)
  (global $destroyed (export "destroyed") (mut i32) (i32.const 0))
  (global $settle (mut externref) (ref.null extern))
  (global $value (mut externref) (ref.null extern))
  (global $task (mut externref) (ref.null extern))
  (global $fails (mut i32) (i32.const 0))
  (func (export "__wbindgen_start") (call $init))
  (func (export "__externref_table_alloc") (result i32) (table.grow $values (ref.null extern) (i32.const 1)))
  (func (export "__externref_table_dealloc") (param i32) (table.set $values (local.get 0) (ref.null extern)))
  (func (export "__wbindgen_exn_store") (param i32) (table.set $values (local.get 0) (ref.null extern)))
  (func (export "__wbindgen_destroy_closure") (param i32 i32)
    (global.set $destroyed (i32.add (global.get $destroyed) (local.get 0))))
  (func (export "wasm_bindgen__convert__closures_____invoke__h01") (param i32 i32 externref externref)
    (global.set $settle (select (result externref) (local.get 3) (local.get 2) (global.get $fails))))
  (func (export "${poll}") (param i32 i32 externref)
    (drop (call $call (global.get $settle) (ref.null extern) (global.get $value)))
    (call $unref (global.get $task)))
  (func (export "later") (param externref i32) (result externref) (local $promise externref)
    (global.set $value (local.get 0))
    (global.set $fails (local.get 1))
    (local.set $promise (call $promise (i32.const 16) (i32.const 0)))
    (global.set $task (call $closure (i32.const 64) (i32.const 0)))
    (call $queue (global.get $task))
    (local.get $promise)))`;
const bytes = await wat(text);

interface Exports {
  later(value: unknown, fails: number): Promise<unknown>;
  readonly destroyed: { readonly value: number };
}

const meanings = {
  [`__wbg_new_${hash}`]: "new Promise()",
  [`__wbg_queueMicrotask_${hash}`]: "queueMicrotask",
  [`__wbg_call_${hash}`]: "Function.prototype.call",
};
const stated = {
  adapters: [wasmBindgen({ meanings, closures: { [cast]: { call: poll, signature: "mut (H)" } } })],
};

describe("an async export, its values in a table", () => {
  it("returns a real promise, resolved in a microtask, and its task is destroyed", async () => {
    const wasm = await load<Exports>(bytes, stated);
    expect(wasm.imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
    const value = { some: "value" };
    const promise = wasm.guarded.later(value, 0);
    expect(promise).toBeInstanceOf(Promise);
    expect(wasm.exports.destroyed.value).toBe(0);
    expect(await promise).toBe(value);
    expect(wasm.exports.destroyed.value).toBe(64);
    expect(wasm.handles.size).toBe(0);
  });

  it("rejects with the value that the module gives", async () => {
    const wasm = await load<Exports>(bytes, stated);
    const error = new RangeError("of the module");
    expect(await rejectionOf(wasm.guarded.later(error, 1))).toBe(error);
    expect(await wasm.guarded.later("and goes on", 0)).toBe("and goes on");
    expect(wasm.exports.destroyed.value).toBe(128);
  });

  it("is apart in each instance of a module", async () => {
    const module = await compile(bytes, stated);
    const instances = await Promise.all(Array.from({ length: 20 }, () => module.instantiate<Exports>()));
    const asked = instances.map(({ guarded }, at) => guarded.later(at, at % 2).catch((value: unknown) => [value]));
    expect(await Promise.all(asked)).toEqual(instances.map((_, at) => (at % 2 ? [at] : at)));
    expect(new Set(instances.map(({ exports }) => exports.destroyed.value))).toEqual(new Set([64]));
  });

  it("is a named trap at the call while its task is not stated", async () => {
    const wasm = await load<Exports>(bytes, { adapters: [wasmBindgen({ meanings })] });
    const error = thrownBy(() => wasm.guarded.later(1, 0));
    expect(UnglueError.is(error, "missing-import-called") && error.details.name).toBe(cast);
    expect((error as Error).message).toContain(poll);
  });
});

describe("a task that traps", () => {
  const lines = `(drop (call $call (global.get $settle) (ref.null extern) (global.get $value)))`;
  const trapping = wat(text.replace(lines, "(unreachable)"));
  const api = t.api({ later: t.fn([t.js, t.u32], t.promise(t.js)) });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each(["poison", "restart", "throw"] as const)(
    "rejects the calls of functions without objects under onTrap: %s",
    async (onTrap) => {
      const wasm = await load(await trapping, { ...stated, api, onTrap });
      const calls = [wasm.api.later(1, 0), wasm.api.later(2, 0)];
      for (const error of await Promise.all(calls.map(rejectionOf))) {
        expect(error).toMatchObject({ code: "trap", details: { export: poll } });
      }
      expect(wasm.state).toBe(onTrap === "poison" ? "poisoned" : "live");
    },
  );

  it.each(["poison", "restart", "throw"] as const)(
    "throws where the engine calls it, if no declared call waits, under onTrap: %s",
    async (onTrap) => {
      const tasks: (() => void)[] = [];
      vi.stubGlobal("queueMicrotask", (task: () => void) => void tasks.push(task));
      const wasm = await load<Exports>(await trapping, { ...stated, onTrap });
      void wasm.guarded.later(1, 0);
      vi.unstubAllGlobals();
      expect(tasks).toHaveLength(1);
      expect(thrownBy(() => tasks[0]?.())).toMatchObject({ code: "trap" });
    },
  );
});
