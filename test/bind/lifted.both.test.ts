import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import type { DeclaredType } from "../../src/public/index.ts";
import { thrownBy } from "../wat.ts";
import { bindgen, conventions, type Helpers, heap, returning, valueOf } from "./bindgen.ts";

describe.each(conventions)("what a module returns, with %s,", (_, convention) => {
  const value = valueOf(convention);
  const body = `
    ${returning("pair", ["i32", "i32"], [["i32", "$0"], ["i32", "$1"]], convention)}
    (func (export "same") (param ${value}) (result ${value}) (local.get 0))
    (func (export "__wbg_node_free") (param i32 i32))`; // prettier-ignore
  const open = async (type: DeclaredType) => {
    const api = t.api({
      pair: t.fn([t.u32, t.u32], type as typeof t.js),
      Node: t.class({}),
      node: t.fn([], t.owned("Node"), { export: "live" }),
    });
    return load<Helpers, typeof api.members>(await bindgen(body, convention), { api });
  };

  it.each([
    [t.list(t.string), ["a", false, "b"], "t.string", "false"],
    [t.list(t.owned("Node")), [{}], "t.owned", "an object (Object)"],
    [t.optional(t.list(t.closure([], t.void))), [5], "t.closure", "5"],
    [t.list(t.promise(t.js)), ["then"], "t.promise", '"then"'],
  ] as const)("is no list of values of another type: %j", async (type, items, declared, received) => {
    const { api, handles, memory, guarded } = await open(type);
    const address = memory.alloc(items.length * 4, 4);
    memory.write(
      address,
      Uint32Array.from(items, (item) => handles.add(item)),
    );
    expect(thrownBy(() => api.pair(address, items.length))).toMatchObject({
      code: "invalid-value",
      details: { declared, received },
    });
    expect([guarded.live(), handles.size]).toEqual([0, 0]);
  });

  it("is no list of numbers that no value has, and the others are dropped", async () => {
    const { api, handles, memory, guarded } = await open(t.list(t.string));
    for (const unheld of [0, 5, 2 ** 32 - 1]) {
      const address = memory.alloc(12, 4);
      const before = guarded.live();
      memory.write(address, Uint32Array.of(handles.add("a"), unheld, handles.add("b")));
      expect(thrownBy(() => api.pair(address, 3))).toMatchObject({ code: "invalid-value" });
      expect(guarded.live()).toBe(before - 1);
      if (convention.handles === "heap") expect(handles.size).toBe(0);
    }
  });

  it.each([
    [t.promise(t.js), 5],
    [t.promise(t.js), undefined],
    [t.closure([], t.void), "f"],
    [t.optional(t.closure([], t.void)), "f"],
  ] as const)("is no value of another type: %j for %j", async (type, given) => {
    const api = t.api({ same: t.fn([t.js], type as DeclaredType) });
    const wasm = await load<Helpers, typeof api.members>(await bindgen(body, convention), { api });
    expect(thrownBy(() => wasm.api.same(given))).toMatchObject({ code: "invalid-value" });
    expect(wasm.handles.size).toBe(0);
  });

  it("is one of the texts that are declared, also where they crossed as values", async () => {
    const level = t.enumeration(["low", "high"]);
    const api = t.api({
      same: t.fn([t.js], level),
      optional: t.fn([t.js], t.optional(level), { export: "same" }),
    });
    const bytes = await bindgen(body, { ...convention, version: 92 });
    const wasm = await load<Helpers, typeof api.members>(bytes, { api });
    expect([wasm.api.same("high"), wasm.api.optional("low"), wasm.api.optional(undefined)]).toEqual([
      ...["high", "low"],
      undefined,
    ]);
    for (const call of [wasm.api.same, wasm.api.optional] as const) {
      for (const given of [false, 1, "mid"]) {
        expect(thrownBy(() => call(given))).toMatchObject({
          code: "invalid-value",
          details: { declared: "t.enumeration", received: JSON.stringify(given) },
        });
      }
    }
  });

  it.each([
    [t.array(t.f64), Float64Array.of(0.5, -1), 4],
    [t.array(t.f32), Float32Array.of(0.5, -1), 2],
    [t.array(t.i32), Int32Array.of(7, -7), 1],
    [t.array(t.u64), BigUint64Array.of(7n, 2n ** 64n - 1n), 4],
    [t.optional(t.array(t.u16)), Uint16Array.of(1, 2, 3), 1],
  ] as const)("is an array wherever it lies, and is freed: %j", async (type, numbers, offset) => {
    const { api, memory, guarded } = await open(type);
    const address = memory.alloc(64, 8);
    memory.write(address + offset, numbers);
    expect(api.pair(address + offset, numbers.length)).toEqual(numbers);
    expect(guarded.live()).toBe(0);
  });
});

describe("a number that is the handle of no value", () => {
  it("is refused, whatever its highest bit", async () => {
    const body = `
      (func (export "same") (param i32) (result i32) (local.get 0))
      (func (export "drop") (param i32) (call $drop (local.get 0)))`;
    const imports = '(import "wbg" "__wbindgen_object_drop_ref" (func $drop (param i32)))';
    const api = t.api({ same: t.fn([t.u32], t.js), drop: t.fn([t.u32], t.void) });
    const wasm = await load<Helpers, typeof api.members>(await bindgen(body, heap, imports), { api });
    for (const number of [2 ** 32 - 1, 2 ** 32 - 2, 2 ** 31, 5, 1000, 5000]) {
      expect(thrownBy(() => wasm.api.same(number))).toMatchObject({
        code: "invalid-value",
        details: { received: String(number) },
      });
    }
    // None, and the constants that every version has.
    expect([wasm.api.same(0), wasm.api.same(128), wasm.api.same(129), wasm.api.same(130)]).toEqual([
      undefined,
      undefined,
      null,
      true,
    ]);
    const handle = wasm.handles.add("once");
    wasm.api.drop(handle);
    expect(thrownBy(() => wasm.api.drop(handle))).toMatchObject({ code: "invalid-value" });
    expect(
      thrownBy(() => {
        wasm.handles.drop(handle);
      }),
    ).toMatchObject({ code: "invalid-argument" });
  });
});

describe("an array whose buffer was transferred away", () => {
  it("is refused as that, and not by the class that is expected", async () => {
    const body = `(func (export "take") (param i32 i32))`;
    const api = t.api({ take: t.fn([t.bytes], t.void) });
    const wasm = await load<Helpers, typeof api.members>(await bindgen(body, heap), { api });
    const bytes = new Uint8Array(8);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    expect(thrownBy(() => wasm.api.take(bytes))).toMatchObject({
      code: "invalid-argument",
      details: { expected: "a Uint8Array", received: "a view of a buffer that is gone" },
    });
  });
});
