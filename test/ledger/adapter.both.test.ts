import { load } from "unglue";
import { createLedger } from "unglue/ledger";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { describe, expect, it } from "vitest";
import { wat } from "../wat.ts";

const wrapper = "__wbindgen_closure_wrapper7";
const call =
  "_dyn_core__ops__function__FnMut__A____Output___R_as_wasm_bindgen__closure__WasmClosure___describe__invoke__h01";

const bytes = await wat(`(module
  (import "wbg" "${wrapper}" (func $wrap (param i32 i32 i32) (result i32)))
  (import "wbg" "__wbindgen_cb_drop" (func (param i32) (result i32)))
  (import "wbg" "__wbindgen_string_new" (func (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table (export "__indirect_function_table") 4 funcref)
  (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 1024))
  (func (export "make") (result i32) (call $wrap (i32.const 0) (i32.const 16) (i32.const 0)))
  (func (export "${call}") (param i32 i32 i32 i32) (result i32)
    (i32.add (local.get 3) (i32.load8_u (local.get 2)))))`);

describe("an adapter that lowers what it passes", () => {
  it.each([
    ["S", "hello", "h".charCodeAt(0) + 5],
    ["[u8]", Uint8Array.of(7, 8), 9],
    ["[h]", [{}, {}, {}], 3 + 4],
  ])("releases it to the module, which frees it (%s)", async (code, value, result) => {
    const ledger = createLedger();
    const closures = { [wrapper]: { call, signature: `(${code})->i` } };
    const wasm = await load<{ make(): number }>(bytes, { ledger, adapters: [wasmBindgen({ closures })] });
    const closure = wasm.handles.take(wasm.exports.make()) as (argument: unknown) => number;
    expect(closure(value)).toBe(result);
    ledger.expectNoLeaks();
  });
});
