import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { thrownBy } from "../wat.ts";
import { bindgen, conventions, type Helpers, returning, valueOf } from "./bindgen.ts";

describe.each(conventions)("objects that the module passes as values, with %s,", (_, convention) => {
  const value = valueOf(convention);
  const add = convention.handles === "heap" ? "" : "(call $slot";
  const close = add && ")";
  const imports = `
    (import "wbg" "__wbg_counter_new" (func $wrap (param i32) (result ${value})))
    (import "wbg" "__wbg_counter_unwrap" (func $unwrap (param ${value}) (result i32)))
    (import "wbg" "__wbg_stranger_new" (func $stranger (param i32) (result ${value})))`;
  const load32 = (offset: number) => {
    const slot = `(i32.load offset=${offset} (local.get 0))`;
    return convention.handles === "heap" ? slot : `(call $take ${slot})`;
  };
  const body = `
    (func $make (param i32) (result i32) (local $at i32)
      (local.set $at (call $malloc (i32.const 4) (i32.const 4)))
      (i32.store (local.get $at) (local.get 0)) (local.get $at))
    (export "counter_new" (func $make))
    (func (export "counter_value") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "__wbg_counter_free") (param i32 i32) (call $free (local.get 0) (i32.const 4) (i32.const 4)))
    (func $pair (result i32) (local $at i32)
      (local.set $at (call $malloc (i32.const 8) (i32.const 4)))
      (i32.store (local.get $at) ${add} (call $wrap (call $make (i32.const 1)))${close})
      (i32.store offset=4 (local.get $at) ${add} (call $wrap (call $make (i32.const 2)))${close})
      (local.get $at))
    ${returning(
      "pair",
      [],
      [
        ["i32", "(call $pair)"],
        ["i32", "(i32.const 2)"],
      ],
      convention,
    )}
    (func (export "sum") (param i32 i32) (result i32) (local $a i32) (local $b i32)
      (call $count)
      (local.set $a (call $unwrap ${load32(0)}))
      (local.set $b (call $unwrap ${load32(4)}))
      (call $free (local.get 0) (i32.mul (local.get 1) (i32.const 4)) (i32.const 4))
      (i32.add (i32.load (local.get $a)) (i32.load (local.get $b)))
      (call $free (local.get $a) (i32.const 4) (i32.const 4))
      (call $free (local.get $b) (i32.const 4) (i32.const 4)))
    (func (export "one") (result ${value}) (call $wrap (call $make (i32.const 5))))
    (func (export "other") (result ${value}) (call $stranger (i32.const 5)))
    (func (export "is") (param ${value}) (result i32) (local $a i32)
      (local.set $a (call $unwrap (local.get 0)))
      (if (local.get $a) (then (call $free (local.get $a) (i32.const 4) (i32.const 4))))
      (i32.ne (local.get $a) (i32.const 0)))`;
  const api = t.api({
    Counter: t.class({ new: t.ctor([t.u32]), value: t.getter(t.u32) }),
    pair: t.fn([], t.list(t.owned("Counter"))),
    sum: t.fn([t.list(t.owned("Counter"))], t.u32),
    one: t.fn([], t.js),
    other: t.fn([], t.js),
    is: t.fn([t.js], t.bool),
  });

  it("are the interface's, and go back as they came", async () => {
    const wasm = await load<Helpers, typeof api.members>(await bindgen(body, convention, imports), { api });
    const { Counter, pair, sum, one, other, is } = wasm.api;
    const size = wasm.handles.size;
    const counters = pair();
    expect(counters.map((counter) => [counter instanceof Counter, counter.value])).toEqual([
      [true, 1],
      [true, 2],
    ]);
    expect(sum([...counters])).toBe(3);
    for (const counter of counters) {
      expect(thrownBy(() => counter.value)).toMatchObject({ details: { class: "Counter", reason: "moved" } });
    }
    const mine = one();
    expect(mine).toBeInstanceOf(Counter);
    expect([is(mine), is({}), is(null), is(other())]).toEqual([true, false, false, false]);
    expect(thrownBy(() => (mine as InstanceType<typeof Counter>).value)).toMatchObject({
      details: { reason: "moved" },
    });
    expect([wasm.guarded.live(), wasm.handles.size]).toEqual([0, size]);
  });

  it("are refused in a list by name, each kept by whoever has it", async () => {
    const bytes = await bindgen(body, convention, imports);
    const wasm = await load<Helpers, typeof api.members>(bytes, { api });
    const other = await load<Helpers, typeof api.members>(bytes, { api });
    const { Counter, sum } = wasm.api;
    const [one, two, freed] = [new Counter(1), new Counter(2), new Counter(3)];
    freed.free();
    for (const [list, code] of [
      [[one, freed], "object-unusable"],
      [[one, new other.api.Counter(4)], "object-unusable"],
      [[one, one], "object-unusable"],
      [[one, {}], "invalid-argument"],
      [[one, undefined], "invalid-argument"],
      [one, "invalid-argument"],
    ] as const) {
      expect(thrownBy(() => sum(list as never))).toMatchObject({ code });
    }
    expect(wasm.guarded.calls()).toBe(0);
    expect(sum([one, two])).toBe(3);
    expect([wasm.guarded.live(), other.guarded.live()]).toEqual([0, 1]);
  });
});
