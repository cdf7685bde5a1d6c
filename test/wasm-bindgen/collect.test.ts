import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it, vi } from "vitest";
import { load } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { wat } from "../wat.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

it("a closure that nobody holds any more is destroyed once", async () => {
  const bytes = await wat(`(module
    (import "wbg" "__wbindgen_closure_wrapper7" (func $wrap (param i32 i32 i32) (result i32)))
    (global $destroyed (export "destroyed") (mut i32) (i32.const 0))
    (func (export "destroy") (param i32 i32) (global.set $destroyed (i32.add (global.get $destroyed) (i32.const 1))))
    (func (export "_dyn_core__ops__function__FnMut") (param i32 i32))
    (func (export "make") (result i32) (call $wrap (i32.const 8) (i32.const 16) (i32.const 0))))`);
  const closures = {
    __wbindgen_closure_wrapper7: { call: "_dyn_core__ops__function__FnMut", signature: "()", destroy: "destroy" },
  };
  const wasm = await load<{ make(): number; readonly destroyed: { readonly value: number } }>(bytes, {
    adapters: [wasmBindgen({ closures })],
  });
  const use = () => {
    for (let round = 0; round < 100; round++) (wasm.handles.take(wasm.exports.make()) as () => void)();
  };
  use();
  await vi.waitFor(
    () => {
      collect();
      expect(wasm.exports.destroyed.value).toBe(100);
    },
    { timeout: 10_000 },
  );
});

it.each([["destroy"], [1]])("one whose destructor traps is told to warn, and no exception: %s", async (destroy) => {
  const bytes = await wat(`(module
    (import "wbg" "__wbindgen_closure_wrapper7" (func $wrap (param i32 i32 i32) (result i32)))
    (table (export "__indirect_function_table") 2 funcref)
    (elem (i32.const 1) $destroy)
    (func $destroy (export "destroy") (param i32 i32) unreachable)
    (func (export "_dyn_core__ops__function__FnMut") (param i32 i32))
    (func (export "make") (result i32) (call $wrap (i32.const 8) (i32.const 16) (i32.const 0))))`);
  const closures = {
    __wbindgen_closure_wrapper7: { call: "_dyn_core__ops__function__FnMut", signature: "()", destroy },
  };
  const warnings: string[] = [];
  const wasm = await load<{ make(): number }>(bytes, {
    adapters: [wasmBindgen({ closures })],
    warn: (message) => warnings.push(message),
  });
  const use = () => {
    (wasm.handles.take(wasm.guarded.make()) as () => void)();
  };
  use();
  await vi.waitFor(
    () => {
      collect();
      expect(warnings.length).toBe(1);
    },
    { timeout: 10_000 },
  );
  expect(warnings[0]).toMatch(/a closure of the module was collected, and freeing it failed: .*trapped: unreachable/);
  expect(wasm.state).toBe("poisoned");
});
