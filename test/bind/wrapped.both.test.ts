import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { load, t } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
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

  describe("by a stated meaning", () => {
    const name = "__wbg_keep_0011223344556677";
    const keeping = `${imports} (import "wbg" "${name}" (func $keep (param i32) (result i32)))`;
    const bytes = () =>
      bindgen(
        `${body} (func (export "kept") (param i32) (result i32) (call $keep (local.get 0)))
         (func (export "keep_new") (param i32) (result i32) (call $keep (call $make (local.get 0))))`,
        convention,
        keeping,
      );
    const adapters = [wasmBindgen({ meanings: { [name]: "Keeper.keep: (@Counter)->?@Counter" } })];
    const { Counter } = api.members;
    const own = t.api({ Counter, kept: t.fn([t.owned("Counter")], t.optional(t.owned("Counter"))) });
    const keep = vi.fn<(given: unknown) => unknown>();
    beforeEach(() => vi.stubGlobal("Keeper", { keep: keep.mockReset() }));
    afterEach(() => void vi.unstubAllGlobals());

    it("reach JavaScript as the interface's, and are given back", async () => {
      const wasm = await load<Helpers, typeof own.members>(await bytes(), { api: own, adapters });
      keep.mockImplementation((given) => given);
      const first = new wasm.api.Counter(7);
      const back = wasm.api.kept(first);
      const [[given] = []] = keep.mock.calls;
      expect(given).toBeInstanceOf(wasm.api.Counter);
      expect([back instanceof wasm.api.Counter, back?.value]).toEqual([true, 7]);
      // Each time it changes owners, and the objects that had it before are of no use.
      for (const lost of [first, given as typeof first]) {
        expect(thrownBy(() => lost.value)).toMatchObject({ details: { class: "Counter", reason: "moved" } });
      }
      back?.free();
      keep.mockReturnValue(undefined);
      expect(wasm.api.kept(new wasm.api.Counter(1))).toBeUndefined();
      (keep.mock.calls[1]?.[0] as typeof first).free();
      expect(wasm.guarded.live()).toBe(0);
    });

    it("are refused where the function returns anything else", async () => {
      const wasm = await load<Helpers, typeof own.members>(await bytes(), { api: own, adapters, onTrap: "restart" });
      keep.mockReturnValue({});
      expect(thrownBy(() => wasm.api.kept(new wasm.api.Counter(1)))).toMatchObject({
        code: "invalid-value",
        details: { declared: "an object of Counter" },
      });
    });

    it("are refused where no class is declared, which could not be used", async () => {
      const wasm = await load<{ keep_new(value: number): number }>(await bytes(), { adapters });
      expect(thrownBy(() => wasm.guarded.keep_new(1))).toMatchObject({ code: "no-interface" });
      expect(keep).not.toHaveBeenCalled();
    });
  });
});
