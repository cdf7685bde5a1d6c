import { describe, expect, it } from "vitest";
import { inspect, load, t, UnglueError } from "unglue";
import { wat } from "../wat.ts";

/** Modules whose exports have the names of helpers, and are something else. */
describe("an export that has the name of a helper", () => {
  it.each([
    ["a global", '(global (export "_initialize") i32 (i32.const 1))'],
    ["a memory", '(memory (export "_initialize") 1)'],
    ["a function with a parameter", '(func (export "_initialize") (param i32) unreachable)'],
    ["a function with a result", '(func (export "_initialize") (result i32) unreachable)'],
    ["a start with a result", '(func (export "_start") (result i32) unreachable) (func (export "_initialize"))'],
  ])("is no initializer as %s", async (_, fields) => {
    const bytes = await wat(`(module (global $ran (mut i32) (i32.const 0)) ${fields}
      (func (export "__wasm_call_ctors") (global.set $ran (i32.const 1)))
      (func (export "ran") (result i32) (global.get $ran)))`);
    const wasm = await load(bytes);
    // An export that is no initializer gives way to the next; a true one comes first.
    expect(wasm.guarded.ran?.()).toBe(fields.includes('(func (export "_initialize"))') ? 0 : 1);
  });

  it.each([
    ["a constant", '(global (export "__stack_pointer") i32 (i32.const 4096))'],
    ["a float", '(global (export "__stack_pointer") (mut f64) (f64.const 4096))'],
    ["a table", '(table (export "__stack_pointer") 1 funcref)'],
  ])("is no stack pointer as %s: room for results comes from the allocator", async (_, fields) => {
    const bytes = await wat(`(module (memory (export "memory") 1) ${fields}
      (func (export "malloc") (param i32) (result i32) (i32.const 2048)) (func (export "free") (param i32))
      (func (export "write") (param i32) (i32.store (local.get 0) (local.get 0))))`);
    const wasm = await load(bytes, { api: t.api({ write: t.fn([t.out(t.u32)], t.void) }) });
    expect(wasm.api.write()).toBe(2048);
  });

  it("is no class's as what cannot free, construct or destroy", async () => {
    const bytes = await wat(`(module
      (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 0))
      (func (export "__wbg_good_free") (param i32 i32)) (func (export "good_new") (result i32) (i32.const 1))
      (func (export "__wbg_bad_free") (result i32) (i32.const 1)) (func (export "bad_new") (result i32) (i32.const 1))
      (global (export "__wbg_worse_free") i32 (i32.const 1)))`);
    expect(inspect(bytes).classes?.map(({ name }) => name)).toEqual(["good"]);
    const mangled = await wat(`(module
      (func (export "_ZN4GoodC1Ev") (param i32) (result i32) (local.get 0)) (func (export "_ZN4GoodD1Ev") (param i32))
      (func (export "_ZN3BadC1Ev")) (func (export "_ZN3BadD1Ev") (param i32 i32)))`);
    expect(inspect(mangled).classes).toMatchObject([{ name: "Good", free: "_ZN4GoodD1Ev" }]);
  });

  it("is refused where it should free: nothing leaks in silence", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1)
      (func (export "malloc") (param i32) (result i32) (i32.const 1024)) (global (export "free") i32 (i32.const 0)))`);
    const { memory } = await load(bytes);
    expect(() => memory.alloc(8)).toThrow(
      expect.objectContaining({
        code: "allocator-mismatch",
        details: { name: "free", expected: "(address)", given: "a global" },
      }) as Error,
    );
    const stated = await load(bytes, { allocator: { alloc: "malloc" } });
    expect(stated.memory.alloc(8)).toBe(1024);
  });

  it.each([
    ["malloc", '(global (export "__wbindgen_malloc") i32 (i32.const 0))', "a global"],
    ["malloc", '(func (export "__wbindgen_malloc"))', "() -> ()"],
    ["free", '(table (export "__wbindgen_free") 1 funcref)', "a table"],
    ["start", '(func (export "__wbindgen_start") (result i32) (i32.const 0))', "() -> i32"],
  ])("is refused where wasm-bindgen's %s is needed: %s", async (helper, fields, is) => {
    const others = [
      ["malloc", '(func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 1024))'],
      ["free", '(func (export "__wbindgen_free") (param i32 i32 i32))'],
    ].filter(([name]) => name !== helper);
    const bytes = await wat(`(module (import "wbg" "__wbindgen_throw" (func (param i32 i32)))
      (memory (export "memory") 1) ${fields} ${others.map(([, text]) => text).join(" ")})`);
    const error: unknown = await load(bytes).then(
      ({ memory }) => {
        try {
          memory.free(memory.alloc(8, 8), 8, 8);
          return undefined;
        } catch (error) {
          return error;
        }
      },
      (error: unknown) => error,
    );
    expect(UnglueError.is(error, "helper-unknown") && error.details).toEqual({ helper });
    expect((error as Error).message).toContain(is);
  });
});
