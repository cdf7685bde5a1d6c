import { describe, expect, expectTypeOf, it } from "vitest";
import { load, t } from "unglue";
import { createLedger } from "unglue/ledger";
import { rejectionOf, thrownBy, wat } from "../../wat.ts";
import { fixture } from "./convention.ts";

const mixed = t.record({ on: t.bool, small: t.u8, medium: t.u16, last: t.u8, large: t.i64, ratio: t.f32 });

const valuesApi = t.api({
  split: t.fn([t.f64, t.out(t.i32), t.out(t.f64)], t.void),
  parse: t.fn([t.string, t.out(t.i64), t.out(mixed)], t.bool),
  findText: t.fn([t.i32, t.out(t.optional(t.string))], t.i32),
  needText: t.fn([t.i32, t.out(t.cstring)], t.i32, { export: "find_text" }),
});

const Counter = t.class({
  new: t.ctor([t.i32, t.u8]),
  attempt: t.static([t.i32, t.out(t.optional(t.owned("Counter")))], t.i32),
  mustGive: t.static([t.i32, t.out(t.owned("Counter"))], t.i32, { export: "counter_attempt" }),
  read: t.method([t.out(t.i32), t.out(t.u8)], t.void),
  value: t.getter(t.i32),
  live: t.static([], t.i32),
});

describe("what the module writes to where a parameter points", () => {
  it("is returned: numbers, records, texts", async () => {
    const { api } = await load(fixture("values"), { api: valuesApi });
    expect(api.split(-2.75)).toEqual([-2, -0.75]);
    expectTypeOf(api.split).toEqualTypeOf<(value: number) => [number, number]>();
    const [isNumber, value, record] = api.parse("9007199254740993");
    expectTypeOf(isNumber).toEqualTypeOf<boolean>();
    expectTypeOf(value).toEqualTypeOf<bigint>();
    expectTypeOf(record.small).toEqualTypeOf<number>();
    expect([isNumber, value]).toEqual([true, 9007199254740993n]);
    expect(record).toEqual({ on: true, small: 1, medium: 2, last: 3, large: value, ratio: 0.5 });
    // What was not written is zero.
    expect(api.parse("1x")[2]).toEqual({ on: false, small: 0, medium: 0, last: 0, large: 0n, ratio: 0 });
    expect([api.findText(0), api.findText(2)]).toEqual([
      [0, "Grüße, 世界 👋"],
      [-1, undefined],
    ]);
    expectTypeOf(api.findText).returns.toEqualTypeOf<[number, string | undefined]>();
  });

  it("is returned alone if there is no other result", async () => {
    const module = await wat(`(module (memory (export "memory") 1)
      (func (export "malloc") (param i32) (result i32) i32.const 1024) (func (export "free") (param i32))
      (func (export "take") (param i32 i32) (i32.store (local.get 0) (local.get 1))))`);
    const { api } = await load(module, { api: t.api({ take: t.fn([t.out(t.i32), t.i32], t.void) }) });
    expectTypeOf(api.take).toEqualTypeOf<(value: number) => number>();
    expect(api.take(-7)).toBe(-7);
  });

  it("may be an object, which is the caller's if it is owned", async () => {
    const { api } = await load(fixture("objects"), { api: t.api({ Counter }) });
    const [code, counter] = api.Counter.attempt(5);
    expect([code, counter?.value, counter instanceof api.Counter]).toEqual([0, 5, true]);
    expect(counter?.read()).toEqual([5, 1]);
    expect(api.Counter.live()).toBe(1);
    counter?.free();
    expect(api.Counter.live()).toBe(0);
    expect(api.Counter.attempt(-1)).toEqual([5, undefined]);
    expect(thrownBy(() => api.Counter.mustGive(-1))).toMatchObject({ code: "null-pointer" });
  });

  it("leaves nothing allocated, also after what cannot be read or passed", async () => {
    const ledger = createLedger();
    const { api } = await load(fixture("values"), { api: valuesApi, ledger });
    for (let round = 0; round < 1000; round += 1) {
      api.split(round);
      api.parse("12");
      expect(thrownBy(() => api.needText(2))).toMatchObject({ code: "null-pointer" });
    }
    expect(thrownBy(() => api.parse(5 as never))).toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("parse: parameter 1 of 1 must be") as string,
    });
    expect(ledger.live).toEqual([]);
    expect(api.needText(1)).toEqual([0, ""]);
  });

  it("is no way to construct, and no list or function", async () => {
    const constructed = t.class({ new: t.ctor([t.i32, t.out(t.i32)], { export: "counter_new" }) });
    const error = await rejectionOf(load(fixture("objects"), { api: t.api({ Counter: constructed }) }));
    expect(String(error)).toContain("declare a static method that returns both");
    const listed = t.api({ findText: t.fn([t.i32, t.out(t.list(t.i32))], t.i32) });
    const other = await rejectionOf(load(fixture("values"), { api: listed }));
    expect(String(other)).toContain("C has no way to pass out(list(i32)): what is written is a number");
  });
});
