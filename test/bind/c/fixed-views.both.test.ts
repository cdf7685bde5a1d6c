import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { wat } from "../../wat.ts";

/** Each allocation grows the memory, which detaches every view of it. */
const text = `(module
  (memory (export "memory") 2 100)
  (global $top (mut i32) (i32.const 4096))
  (func (export "malloc") (param i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (global.set $top (i32.add (global.get $top) (i32.const 64)))
    (i32.sub (global.get $top) (i32.const 64)))
  (func (export "free") (param i32))
  (func (export "load") (param i32) (result i64) (i64.load (local.get 0)))
  (func (export "second") (param i32 i32) (result i64) (i64.load (local.get 0))))`;

const key = t.fixed(t.u8, 8);

describe("an array of a fixed length that lies in the module's memory", () => {
  it("is passed although its memory grows before it is written", async () => {
    const api = t.api({
      load: t.fn([key], t.u64),
      second: t.fn([key, t.cstring], t.u64),
      struct: t.fn([t.record({ key })], t.u64, { export: "load" }),
      union: t.fn([t.record({ of: t.union({ key }) })], t.u64, { export: "load" }),
      list: t.fn([t.fixed(t.record({ half: t.fixed(t.u16, 2) }), 2)], t.u64, { export: "load" }),
      changed: t.fn([t.inout(key)], t.u64, { export: "load" }),
    });
    const wasm = await load(await wat(text), { api });
    const { api: c } = wasm;
    const inside = () => {
      const view = wasm.memory.u8.subarray(16, 24);
      view.set([1, 2, 3, 4, 5, 6, 7, 8]);
      return view;
    };
    const halves = () => [0, 1].map((at) => ({ half: new Uint16Array(inside().buffer, 16 + at * 4, 2) }));
    const expected = 0x0807060504030201n;
    expect(c.load(inside())).toBe(expected);
    expect(c.second(inside(), "x")).toBe(expected);
    expect(c.struct({ key: inside() })).toBe(expected);
    expect(c.union({ of: { key: inside() } })).toBe(expected);
    expect(c.list(halves())).toBe(expected);
    expect(c.changed(inside())).toEqual([expected, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)]);
  });
});
