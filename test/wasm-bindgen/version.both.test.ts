import { describe, expect, it } from "vitest";
import { load, t, UnglueError } from "unglue";
import { type Bindgen, bindgen, externref, heap } from "../bind/bindgen.ts";
import { rejectionOf, thrownBy } from "../wat.ts";

/** Whether a number that may be left out was passed as this, and functions that return either of those that stand for none. */
const numbers = `
  (func (export "was") (param f64 f64) (result i32) (f64.eq (local.get 0) (local.get 1)))
  (func (export "older") (result f64) (f64.const 4294967297))
  (func (export "newer") (result f64) (f64.const 9007199254740991))
  (func (export "some") (result f64) (f64.const 4294967295))`;
const api = t.api({
  was: t.fn([t.optional(t.u32), t.f64], t.bool),
  older: t.fn([], t.optional(t.u32)),
  newer: t.fn([], t.optional(t.u32)),
  some: t.fn([], t.optional(t.u32)),
});
const older = 2 ** 32 + 1;
const newer = 2 ** 53 - 1;
const unknown: Bindgen = { ...heap, version: undefined };

describe("a module that does not tell which version of wasm-bindgen made it", () => {
  it("tells it by the hash of an import", async () => {
    // Reflect.get of js-sys 0.3.77, which belongs to 0.2.100.
    const reflect = `(import "wbg" "__wbg_get_67b2ba62fc30de12" (func (param i32 i32) (result i32)))`;
    const wasm = await load(await bindgen(numbers, unknown, reflect), { api });
    expect([wasm.api.was(undefined, older), wasm.api.was(5, 5)]).toEqual([true, true]);
  });

  it("refuses to pass none where its number has changed", async () => {
    const wasm = await load(
      await bindgen(numbers, unknown, `(import "wbg" "__wbindgen_throw" (func (param i32 i32)))`),
      {
        api,
      },
    );
    expect(wasm.api.was(5, 5)).toBe(true);
    const error = thrownBy(() => wasm.api.was(undefined, 0));
    expect(UnglueError.is(error, "unsupported-module") && error.details.feature).toBe("version");
    expect([wasm.api.older(), wasm.api.newer(), wasm.api.some()]).toEqual([undefined, undefined, 4294967295]);
  });

  it("refuses a number that may be left out and is written to memory: before 0.2.96 it was two words", async () => {
    const mark = `(import "wbg" "__wbindgen_throw" (func (param i32 i32)))`;
    const text = `
      (func (export "some") (param i32) (i32.store (local.get 0) (i32.const 1)) (i32.store offset=4 (local.get 0) (i32.const 7)))
      (func (export "number") (result f64) (f64.const 7))`;
    const written = t.api({ some: t.fn([], t.optional(t.u32), { throws: true }) });
    const error = (await rejectionOf(load(await bindgen(text, unknown, mark), { api: written }))) as Error;
    expect(error).toMatchObject({ code: "interface-mismatch" });
    expect(error.message).toContain("some is (i32) -> (): it fits in more than one way");
    expect((await load(await bindgen(text, { ...heap, version: 95 }, mark), { api: written })).api.some()).toBe(7);
    const returned = t.api({ number: t.fn([], t.optional(t.u32)) });
    expect((await load(await bindgen(text, unknown, mark), { api: returned })).api.number()).toBe(7);
  });

  it.each([
    [118, older],
    [119, newer],
  ])("is read from it otherwise: 0.2.%i", async (version, none) => {
    const wasm = await load(await bindgen(numbers, { ...heap, version }), { api });
    expect(wasm.api.was(undefined, none)).toBe(true);
  });

  it("passes one of some texts by its number where something shows 0.2.93 or later, and refuses it elsewhere", async () => {
    const Mode = t.enumeration(["fast", "small"]);
    const text = t.api({ same: t.fn([Mode], Mode) });
    const same = (type: string) => `(func (export "same") (param ${type}) (result ${type}) (local.get 0))`;
    const mark = `(import "wbg" "__wbindgen_throw" (func (param i32 i32)))`;
    const error = await rejectionOf(load(await bindgen(same("i32"), unknown, mark), { api: text }));
    expect(UnglueError.is(error, "interface-mismatch") && error.message).toContain("keep the section `producers`");
    // Free functions of objects have two parameters since 0.2.93, the version that also passes some texts by number.
    const freeing = `(func (export "__wbg_thing_free") (param i32 i32))`;
    const newer = await load(await bindgen(same("i32") + freeing, unknown, mark), { api: text });
    expect(newer.api.same("small")).toBe("small");
    // A table of values by this name is of 0.2.105 or later.
    const table = await load(await bindgen(same("i32"), { ...externref, version: undefined }, mark), { api: text });
    expect(table.api.same("small")).toBe("small");
  });
});
