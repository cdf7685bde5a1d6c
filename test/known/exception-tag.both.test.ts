import { describe, expect, it } from "vitest";
import { load } from "unglue";
import { rejectionOf, wat } from "../wat.ts";

/** A module as wasm-bindgen builds it with exceptions: a part of its own catches what the import throws, and stores it. */
const bytes = await wat(`(module
  (import "./app_bg.js" "__wbindgen_jstag" (tag $js (param externref)))
  (import "./app_bg.js" "__wbg_parse_0123456789abcdef" (func $parse (param i32 i32) (result externref)))
  (table $values (export "__wbindgen_externrefs") 8 externref)
  (memory (export "memory") 1)
  (data (i32.const 16) "[1]{")
  (global $next (mut i32) (i32.const 1024))
  (global $stored (mut i32) (i32.const 0))
  (func (export "__wbindgen_malloc") (param i32 i32) (result i32)
    (global.get $next)
    (global.set $next (i32.add (global.get $next) (local.get 0))))
  (func (export "__wbindgen_free") (param i32 i32 i32))
  (func $alloc (export "__externref_table_alloc") (result i32) (i32.const 7))
  (func $store (export "__wbindgen_exn_store") (param i32) (global.set $stored (local.get 0)))
  (func $caught (param i32 i32) (result externref)
    (local $error externref)
    (try (result externref)
      (do (call $parse (local.get 0) (local.get 1)))
      (catch $js
        (local.set $error)
        (table.set $values (call $alloc) (local.get $error))
        (call $store (i32.const 7))
        (ref.null extern))))
  (func (export "read") (param i32 i32) (result externref)
    (call $caught (local.get 0) (local.get 1)))
  (func (export "error") (result externref) (table.get $values (global.get $stored))))`);

const options = {
  known: {
    toolchain: "wasm-bindgen",
    version: "0.2.126",
    meanings: { __wbg_parse_0123456789abcdef: "JSON.parse: (s)->!H" },
  },
};

describe("a module that catches exceptions of JavaScript by itself", () => {
  if ("JSTag" in WebAssembly && WebAssembly.validate(bytes)) {
    it("gets the engine's tag", async () => {
      const wasm = await load(bytes, options);
      const { read, error } = wasm.exports;
      expect(wasm.imports[0]).toMatchObject({ kind: "tag", provider: "adapter" });
      expect(read?.(16, 3)).toEqual([1]);
      // The module has a null in the place of the result, and stores the exception where its own code looks for it.
      expect(read?.(19, 1)).toBeNull();
      expect(error?.()).toBeInstanceOf(SyntaxError);
      expect(wasm.state).toBe("live");
    });
  } else {
    it("is refused where the engine has no such tag", async () => {
      const error = await rejectionOf(load(bytes, options));
      expect(error).toMatchObject({
        code: "unsupported-module",
        details: { toolchain: "wasm-bindgen", feature: "JSTag" },
      });
    });
  }
});
