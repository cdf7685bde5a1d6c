import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { bindgen, heap } from "./bindgen.ts";

const body = `
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "call_it") (param funcref i32) (result i32)
    (table.set $functions (i32.const 0) (local.get 0))
    (call_indirect $functions (param i32) (result i32) (local.get 1) (i32.const 0)))
  (func $double (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func (export "pick") (param i32) (result funcref)
    (select (result funcref) (ref.func $double) (ref.null func) (local.get 0)))
  (table $functions 1 funcref)`;
const api = t.api({
  same: t.fn([t.js], t.js),
  call_it: t.fn([t.js, t.i32], t.i32),
  pick: t.fn([t.bool], t.js),
});

describe("a reference type", () => {
  it.each([
    ["in C's convention", `(module (memory (export "memory") 1) ${body})`],
    ["in a module of numbers alone", `(module ${body})`],
  ])("passes as it is, %s", async (_, text) => {
    const wasm = await load(await wat(text), { api });
    for (const value of [{}, undefined, null, "text", 1, Symbol.iterator]) expect(wasm.api.same(value)).toBe(value);
    const { double } = wasm.exports;
    expect(wasm.api.call_it(double, 21)).toBe(42);
    expect(wasm.api.pick(true)).toBe(double);
    expect(wasm.api.pick(false)).toBe(null);
  });

  it("passes as it is in wasm-bindgen's convention, beside values that are kept by number", async () => {
    const wasm = await load(await bindgen(body, heap), { api });
    const value = {};
    expect(wasm.api.same(value)).toBe(value);
    expect(wasm.api.call_it(wasm.exports["double"], 4)).toBe(8);
    expect(wasm.handles.size).toBe(0);
  });

  it("of a function takes an export, or null", async () => {
    const wasm = await load(await wat(`(module ${body})`), { api });
    for (const value of [() => 1, undefined, {}, class {}, (x: number) => x])
      expect(thrownBy(() => wasm.api.call_it(value, 1))).toMatchObject({
        code: "invalid-argument",
        details: { expected: "a function that a module exports, or null" },
      });
    expect(thrownBy(() => wasm.api.call_it(null, 1))).toMatchObject({ code: "trap" });
  });

  it("is no number", async () => {
    const bytes = await wat(`(module (func (export "same") (param i32) (result i32) (local.get 0)))`);
    const error = await rejectionOf(load(bytes, { api: t.api({ same: t.fn([t.js], t.js) }) }));
    expect(error).toMatchObject({ code: "interface-mismatch" });
  });
});
